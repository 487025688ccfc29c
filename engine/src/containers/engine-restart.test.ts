import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ContainersBench, request } from '../testing/runtime/index.ts';

const FOREVER = ['sleep', '1000'];
const context = { signal: new AbortController().signal };

let bench: ContainersBench;
beforeEach(async () => {
  bench = await ContainersBench.open();
});
afterEach(() => bench[Symbol.asyncDispose]());

const inspect = (container: string) => bench.handlers.inspect({ container }, context);

async function restart(): Promise<void> {
  bench = await bench.restartEngine();
  await bench.containers.reconciled;
}

describe('an engine that starts again', () => {
  it('adopts what runs, without saying that it started', async () => {
    const before = await bench.handlers.run(request(FOREVER, { name: 'on' }), context);
    await restart();
    const after = await inspect('on');
    expect(after.state).toEqual(before.state);
    expect(bench.actions(before.id)).toEqual([]);
  });

  it('learns the exit code of what ended while it was away', async () => {
    const { id } = await bench.handlers.run(request(FOREVER, { name: 'ended' }), context);
    await bench.close();
    await bench.runtime.signal(id, 9);
    await restart();
    expect((await inspect('ended')).state).toMatchObject({
      status: 'exited',
      exit: { code: 137, signal: 'KILL' },
    });
    expect(bench.actions(id)).toEqual(['die']);
  });

  it('removes what was to remove itself and ended while it was away', async () => {
    const { id } = await bench.handlers.run(request(FOREVER, { autoRemove: true }), context);
    await bench.close();
    await bench.runtime.signal(id, 9);
    await restart();
    await bench.sawEvent(id, 'destroy');
    expect(await bench.handlers.list({ all: true }, context)).toEqual([]);
  });

  it('remembers an exit even when the runtime has forgotten it', async () => {
    const { id } = await bench.handlers.run(request(['sh', '-c', 'exit 4'], { name: 'old' }), context);
    await bench.sawEvent(id, 'die');
    await bench.close();
    bench.runtime.forgetAll();
    await restart();
    expect((await inspect('old')).state).toMatchObject({ status: 'exited', exit: { code: 4 } });
  });

  it('remembers why a start failed', async () => {
    await expect(bench.handlers.run(request(['nonsense'], { name: 'broken' }), context)).rejects.toThrow();
    await restart();
    expect((await inspect('broken')).state.failure).toMatchObject({ detail: { exitCode: 127 } });
  });

  it('never touches a container that no record knows', async () => {
    const { id } = await bench.handlers.run(request(FOREVER), context);
    await bench[Symbol.asyncDispose]();
    const { runtime } = bench;
    bench = await ContainersBench.open(undefined, runtime);
    await bench.containers.reconciled;
    expect(bench.reports).toEqual([`The runtime has a container that no record knows: ${id}`]);
    expect((await runtime.list()).containers).toMatchObject([{ id, running: true }]);
  });
});

describe('a runtime that goes away and comes back', () => {
  it('changes nothing of what is shown, and its news are caught up on', async () => {
    const { id } = await bench.handlers.run(request(FOREVER, { name: 'on' }), context);
    bench.runtime.disconnect();
    await expect(bench.handlers.start({ container: 'on' }, context)).resolves.toMatchObject({
      state: { status: 'running' },
    });
    await expect(bench.handlers.kill({ container: 'on', signal: 'KILL' }, context)).rejects.toMatchObject({
      code: 'unavailable',
    });
    bench.runtime.reconnect();
    await bench.runtime.signal(id, 9);
    await bench.sawEvent(id, 'die');
    expect((await inspect('on')).state.exit).toMatchObject({ code: 137 });
  });

  it('calls what it lost ended, with code 255', async () => {
    const { id } = await bench.handlers.run(request(FOREVER), context);
    bench.runtime.disconnect();
    bench.runtime.forgetAll();
    bench.runtime.reconnect();
    await bench.sawEvent(id, 'die');
    expect((await inspect(id)).state).toMatchObject({ status: 'exited', exit: { code: 255 } });
  });

  it('leaves a container in place when it goes away in the middle of a removal', async () => {
    const { id } = await bench.handlers.create(request(FOREVER, { name: 'stays' }), context);
    bench.runtime.disconnect();
    await expect(
      bench.handlers.remove({ container: id, force: false, volumes: false }, context),
    ).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect((await inspect('stays')).state.status).toBe('created');
    bench.runtime.reconnect();
    await bench.handlers.remove({ container: id, force: false, volumes: false }, context);
  });
});
