import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineError } from '../errors/index.ts';
import { ContainersBench, request, SAMPLE_IMAGE } from '../testing/runtime/index.ts';

const FOREVER = ['sleep', '1000'];
const UNTIL_TERM = ['sh', '-c', "trap 'exit 5' TERM; sleep 1000 & wait"];
const context = { signal: new AbortController().signal };

let bench: ContainersBench;
beforeEach(async () => {
  bench = await ContainersBench.open();
});
afterEach(() => bench[Symbol.asyncDispose]());

const run = (...args: Parameters<typeof request>) => bench.handlers.run(request(...args), context);
const inspect = (container: string) => bench.handlers.inspect({ container }, context);
const wait = (container: string) => bench.handlers.wait({ container, condition: 'not-running' }, context);

describe('run', () => {
  it('makes and starts a container, with a name of its own', async () => {
    const details = await run(FOREVER);
    expect(details.state).toMatchObject({ status: 'running', exit: null, failure: null });
    expect(details.state.pid).toBeGreaterThan(0);
    expect(details.name).toMatch(/^[a-z]+_[a-z]+$/);
    expect(details.command).toEqual(FOREVER);
    expect(bench.actions(details.id)).toEqual(['create', 'start']);
  });

  it('tells the exit code and says so once', async () => {
    const { id } = await run(['sh', '-c', 'exit 3']);
    await expect(wait(id)).resolves.toMatchObject({ code: 3, signal: null });
    await bench.sawEvent(id, 'die');
    expect(bench.actions(id)).toEqual(['create', 'start', 'die']);
    expect(bench.eventsOf(id).at(-1)).toMatchObject({ exit: { code: 3 }, attributes: { exitCode: '3' } });
  });

  it('removes an unnamed container whose command cannot be executed', async () => {
    await expect(run(['nonsense'])).rejects.toMatchObject({ detail: { exitCode: 127, errno: 'ENOENT' } });
    expect(await bench.handlers.list({ all: true }, context)).toEqual([]);
  });

  it('keeps a named one, with the failure beside it', async () => {
    await expect(run(['nonsense'], { name: 'kept' })).rejects.toThrow();
    const { state, id } = await inspect('kept');
    expect(state).toMatchObject({
      status: 'created',
      failure: { detail: { exitCode: 127, errno: 'ENOENT', path: 'nonsense' } },
    });
    expect(bench.actions(id)).toEqual(['create', 'start_failed']);
  });

  it('forgets the failure when a later start succeeds', async () => {
    await expect(run(['nonsense'], { name: 'kept' })).rejects.toThrow();
    bench.runtime.programs['nonsense'] = ({ forever }) => forever();
    await bench.handlers.start({ container: 'kept' }, context);
    expect((await inspect('kept')).state).toMatchObject({ status: 'running', failure: null });
  });

  it('refuses a name that is taken, and frees nothing that is not its own', async () => {
    await run(FOREVER, { name: 'taken' });
    await expect(run(FOREVER, { name: 'taken' })).rejects.toMatchObject({ code: 'already-exists' });
    expect((await inspect('taken')).state.status).toBe('running');
  });

  it('lets a hundred go at once, each with its own exit', async () => {
    const all = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const { id } = await run(['sh', '-c', `exit ${index}`]);
        return wait(id);
      }),
    );
    expect(all.map(({ code }) => code)).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });
});

describe('start', () => {
  it('does nothing to a container that runs', async () => {
    const { id } = await run(FOREVER);
    await bench.handlers.start({ container: id }, context);
    expect(bench.runtime.runs).toHaveLength(1);
  });

  it('shows `starting` only while the runtime is at it', async () => {
    const { id } = await bench.handlers.create(request(FOREVER), context);
    let fail: (error: Error) => void = () => undefined;
    const began = new Promise<void>((resolve) => {
      bench.runtime.beforeRun = () => {
        resolve();
        return new Promise((_, reject) => (fail = reject));
      };
    });
    const started = bench.handlers.start({ container: id }, context);
    await began;
    expect((await inspect(id)).state.status).toBe('starting');
    fail(
      new EngineError('failed-precondition', 'overlay: no space left', {
        detail: { step: 'overlay', errno: 'ENOSPC' },
      }),
    );
    await expect(started).rejects.toMatchObject({ detail: { errno: 'ENOSPC' } });
    expect((await inspect(id)).state).toMatchObject({
      status: 'created',
      failure: { detail: { step: 'overlay' } },
    });
  });

  it('makes a missing folder to mount only when told to', async () => {
    const mount = { type: 'bind', source: '/nonexistent/longshore', target: '/data' } as const;
    await expect(run(FOREVER, { mounts: [mount] })).rejects.toMatchObject({
      detail: { step: 'mount', errno: 'ENOENT', path: '/nonexistent/longshore' },
    });
  });
});

describe('stop', () => {
  it('sends the stop signal and takes the exit that follows', async () => {
    const { id } = await run(UNTIL_TERM);
    const summary = await bench.handlers.stop({ container: id }, context);
    expect(summary.state).toMatchObject({ status: 'exited', exit: { code: 5, signal: null } });
    expect(bench.actions(id)).toEqual(['create', 'start', 'kill', 'die', 'stop']);
  });

  it('kills after the timeout', async () => {
    const { id } = await run(FOREVER);
    const summary = await bench.handlers.stop({ container: id, timeoutSeconds: 0 }, context);
    expect(summary.state.exit).toMatchObject({ code: 137, signal: 'KILL' });
    const kills = bench.eventsOf(id).filter(({ action }) => action === 'kill');
    expect(kills.map(({ attributes }) => attributes['signal'])).toEqual(['15', '9']);
  });

  it('succeeds on a container that does not run', async () => {
    const { id } = await bench.handlers.create(request(FOREVER), context);
    const summary = await bench.handlers.stop({ container: id }, context);
    expect(summary.state.status).toBe('created');
  });

  it('can be cancelled as a task; the container then runs on as `running`', async () => {
    const { id } = await run(FOREVER);
    const stopped = bench.handlers.stop({ container: id, timeoutSeconds: -1 }, context);
    stopped.catch(() => undefined);
    await bench.sawEvent(id, 'kill');
    expect((await inspect(id)).state.status).toBe('stopping');
    const [task] = bench.tasks.list();
    await expect(bench.tasks.cancel(task!.id)).resolves.toMatchObject({ status: 'cancelled' });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    expect((await inspect(id)).state.status).toBe('running');
  });

  it('of one container that is stuck delays no other', async () => {
    const stuck = await run(FOREVER);
    const other = await run(UNTIL_TERM);
    bench.runtime.beforeSignal = (id) => (id === stuck.id ? new Promise(() => undefined) : Promise.resolve());
    const never = bench.handlers.stop({ container: stuck.id }, context);
    never.catch(() => undefined);
    await expect(bench.handlers.stop({ container: other.id }, context)).resolves.toMatchObject({
      state: { status: 'exited' },
    });
    expect(await bench.handlers.list({ all: true }, context)).toHaveLength(2);
    bench.runtime.beforeSignal = async () => undefined;
    await bench.handlers.kill({ container: stuck.id, signal: 'KILL' }, context);
  });
});

describe('kill', () => {
  it('answers SIGKILL when the container has ended', async () => {
    const { id } = await run(FOREVER);
    const summary = await bench.handlers.kill({ container: id, signal: 'SIGKILL' }, context);
    expect(summary.state).toMatchObject({ status: 'exited', exit: { code: 137 } });
  });

  it('refuses words that are no signal and containers that do not run', async () => {
    const { id } = await bench.handlers.create(request(FOREVER), context);
    await expect(bench.handlers.kill({ container: id, signal: 'NOPE' }, context)).rejects.toMatchObject({
      code: 'invalid-argument',
    });
    await expect(bench.handlers.kill({ container: id, signal: 'KILL' }, context)).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('reaches a container whose stop takes its time', async () => {
    const { id } = await run(FOREVER);
    const stopped = bench.handlers.stop({ container: id, timeoutSeconds: -1 }, context);
    await bench.sawEvent(id, 'kill');
    await bench.handlers.kill({ container: id, signal: '9' }, context);
    await expect(stopped).resolves.toMatchObject({ state: { exit: { code: 137 } } });
  });
});

describe('restart', () => {
  it('ends the old run and begins a new one', async () => {
    const before = await run(UNTIL_TERM);
    const after = await bench.handlers.restart({ container: before.id }, context);
    expect(after.state.status).toBe('running');
    expect(after.state.pid).not.toBe(before.state.pid);
    expect(bench.actions(before.id)).toEqual(['create', 'start', 'kill', 'die', 'stop', 'start', 'restart']);
  });

  it('does not remove a container that removes itself', async () => {
    const { id } = await run(UNTIL_TERM, { autoRemove: true });
    await bench.handlers.restart({ container: id }, context);
    expect((await inspect(id)).state.status).toBe('running');
  });
});

describe('remove', () => {
  it('frees id and name', async () => {
    const { id } = await run(['true'], { name: 'gone' });
    await wait(id);
    await bench.handlers.remove({ container: 'gone', force: false, volumes: false }, context);
    await expect(inspect(id)).rejects.toMatchObject({ code: 'not-found' });
    await run(FOREVER, { name: 'gone' });
  });

  it('refuses one that runs, unless forced', async () => {
    const { id } = await run(FOREVER);
    await expect(
      bench.handlers.remove({ container: id, force: false, volumes: false }, context),
    ).rejects.toMatchObject({
      code: 'conflict',
    });
    await bench.handlers.remove({ container: id, force: true, volumes: false }, context);
    expect(bench.actions(id)).toEqual(['create', 'start', 'kill', 'die', 'destroy']);
  });

  it('tells the images that one has lost a container, once that is a fact', async () => {
    const { id } = await run(['true']);
    await wait(id);
    expect(bench.released).toEqual([]);
    await bench.handlers.remove({ container: id, force: false, volumes: false }, context);
    expect(bench.released).toEqual([SAMPLE_IMAGE.id]);
    expect(bench.containers.usersOf(SAMPLE_IMAGE.id)).toEqual([]);
  });

  it('does not wait for a stop that would take for ever', async () => {
    const { id } = await run(FOREVER);
    const stopped = bench.handlers.stop({ container: id, timeoutSeconds: -1 }, context);
    await bench.sawEvent(id, 'kill');
    await bench.handlers.remove({ container: id, force: true, volumes: false }, context);
    await stopped;
    expect(await bench.handlers.list({ all: true }, context)).toEqual([]);
  });

  it('happens by itself after the exit when asked for', async () => {
    const { id } = await run(['true'], { autoRemove: true });
    await bench.sawEvent(id, 'destroy');
    expect(bench.actions(id)).toEqual(['create', 'start', 'die', 'destroy']);
    expect((await bench.runtime.list()).containers).toEqual([]);
  });
});

describe('wait', () => {
  it('for the next exit may begin before the start', async () => {
    const { id } = await bench.handlers.create(request(['sh', '-c', 'exit 7']), context);
    const exit = bench.handlers.wait({ container: id, condition: 'next-exit' }, context);
    await bench.handlers.start({ container: id }, context);
    await expect(exit).resolves.toMatchObject({ code: 7 });
  });

  it('for the next exit fails as the start fails', async () => {
    const { id } = await bench.handlers.create(request(['nonsense']), context);
    const exit = bench.handlers.wait({ container: id, condition: 'next-exit' }, context);
    exit.catch(() => undefined);
    await expect(bench.handlers.start({ container: id }, context)).rejects.toThrow();
    await expect(exit).rejects.toMatchObject({ detail: { exitCode: 127 } });
  });

  it('for the removal has the exit code', async () => {
    const { id } = await bench.handlers.create(
      request(['sh', '-c', 'exit 9'], { autoRemove: true }),
      context,
    );
    const exit = bench.handlers.wait({ container: id, condition: 'removed' }, context);
    await bench.handlers.start({ container: id }, context);
    await expect(exit).resolves.toMatchObject({ code: 9 });
  });

  it('of a container that never ran is over at once, with Docker’s zero', async () => {
    const { id } = await bench.handlers.create(request(FOREVER), context);
    await expect(wait(id)).resolves.toMatchObject({ code: 0 });
  });

  it('ends when its caller leaves', async () => {
    const { id } = await run(FOREVER);
    const abort = new AbortController();
    const waiting = bench.handlers.wait(
      { container: id, condition: 'not-running' },
      { signal: abort.signal },
    );
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('finding and naming', () => {
  it('knows a container by id, name and unambiguous beginning of the id', async () => {
    const { id } = await bench.handlers.create(request(FOREVER, { name: 'known' }), context);
    for (const word of [id, 'known', '/known', id.slice(0, 12)]) expect((await inspect(word)).id).toBe(id);
    await expect(inspect('unknown')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('refuses a beginning that two ids share', async () => {
    // Seventeen ids share one of sixteen first digits.
    const all = await Promise.all(
      Array.from({ length: 17 }, () => bench.handlers.create(request(FOREVER), context)),
    );
    const digits = all.map(({ id }) => id.slice(0, 1));
    const twice = digits.find((digit, index) => digits.indexOf(digit) !== index);
    await expect(inspect(twice!)).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  it('renames, frees the old name and says so', async () => {
    const { id } = await bench.handlers.create(request(FOREVER, { name: 'before' }), context);
    await bench.handlers.rename({ container: 'before', name: 'after' }, context);
    expect((await inspect('after')).id).toBe(id);
    await bench.handlers.create(request(FOREVER, { name: 'before' }), context);
    expect(bench.eventsOf(id).at(-1)).toMatchObject({ action: 'rename', attributes: { oldName: 'before' } });
    await expect(bench.handlers.rename({ container: id, name: 'before' }, context)).rejects.toMatchObject({
      code: 'already-exists',
    });
  });
});
