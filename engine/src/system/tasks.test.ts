import { describe, expect, it } from 'vitest';
import { EngineError } from '../errors/index.ts';
import { Tasks } from './tasks.ts';

function makeTasks() {
  const updates: string[] = [];
  return { updates, tasks: new Tasks((id) => updates.push(id)) };
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

describe('Tasks', () => {
  it('is running as long as its work is, then done', async () => {
    const { tasks, updates } = makeTasks();
    let finish: (value: string) => void = () => undefined;
    const result = tasks.run(
      'image-pull',
      'debian',
      () => new Promise<string>((resolve) => (finish = resolve)),
    );
    await Promise.resolve();
    expect(tasks.list()).toMatchObject([
      { kind: 'image-pull', subject: 'debian', status: 'running', endedAt: null },
    ]);
    finish('pulled');
    await expect(result).resolves.toBe('pulled');
    await Promise.resolve();
    expect(tasks.list()).toMatchObject([{ status: 'done', fraction: 1, error: null }]);
    expect(updates).toHaveLength(2);
  });

  it('keeps the error of what failed, for the person', async () => {
    const { tasks } = makeTasks();
    const work = tasks.run('container-stop', 'web', () =>
      Promise.reject(new EngineError('unavailable', 'It did not end.')),
    );
    await expect(work).rejects.toThrow('It did not end.');
    await Promise.resolve();
    expect(tasks.list()).toMatchObject([
      { status: 'failed', error: { code: 'unavailable', message: 'It did not end.' } },
    ]);
  });

  it('cancels by the signal, and answers when the work has stopped', async () => {
    const { tasks } = makeTasks();
    const work = tasks.run('image-pull', 'debian', ({ signal }) => untilAborted(signal));
    work.catch(() => undefined);
    const [task] = tasks.list();
    await expect(tasks.cancel(task!.id)).resolves.toMatchObject({ status: 'cancelled', error: null });
    await expect(tasks.cancel('unknown')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('tells of progress by the hundredth only', async () => {
    const { tasks, updates } = makeTasks();
    await tasks.run('image-pull', 'debian', async ({ report }) => {
      for (let step = 0; step <= 10_000; step += 1) report(step / 10_000);
    });
    expect(updates.length).toBeGreaterThan(90);
    expect(updates.length).toBeLessThan(110);
  });

  it('forgets ended ones when told to, and the oldest beyond a hundred', async () => {
    const { tasks } = makeTasks();
    for (let index = 0; index < 120; index += 1)
      await tasks.run('container-stop', String(index), async () => 0);
    await Promise.resolve();
    expect(tasks.list().map(({ subject }) => subject)).toEqual(
      Array.from({ length: 100 }, (_, i) => String(i + 20)),
    );
    expect(tasks.clearEnded()).toEqual([]);
  });

  it('cancels all when the engine closes, and takes no more', async () => {
    const { tasks } = makeTasks();
    const work = tasks.run('image-pull', 'debian', ({ signal }) => untilAborted(signal));
    work.catch(() => undefined);
    await tasks[Symbol.asyncDispose]();
    expect(tasks.list()).toMatchObject([{ status: 'cancelled' }]);
    await expect(tasks.run('image-pull', 'late', async () => 1)).rejects.toMatchObject({ code: 'cancelled' });
  });
});
