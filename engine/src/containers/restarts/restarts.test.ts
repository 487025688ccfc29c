import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineError } from '../../errors/index.ts';
import { ContainersBench, FakeRuntime, request } from '../../testing/runtime/index.ts';
import { ManualClock } from '../../testing/clock/manual-clock.ts';
import type { RestartPolicy } from '../../types/index.ts';

const FOREVER = ['sleep', '1000'];
const FAILS = ['sh', '-c', 'exit 1'];
const context = { signal: new AbortController().signal };

let clock: ManualClock;
let bench: ContainersBench;
beforeEach(async () => {
  clock = new ManualClock();
  bench = await ContainersBench.open(undefined, new FakeRuntime(clock));
});
afterEach(() => bench[Symbol.asyncDispose]());

const inspect = (container: string) => bench.handlers.inspect({ container }, context);

function run(command: readonly string[], name: RestartPolicy['name'], maximumRetries = 0) {
  return bench.handlers.run(request(command, { restart: { name, maximumRetries } }), context);
}

/** Lets the back-off pass, and waits for the end that follows. */
async function nextCrash(id: string, backOffMs: number, deaths: number): Promise<void> {
  await clock.asleepFor(backOffMs);
  clock.advance(backOffMs);
  await bench.sawEvent(id, 'die', deaths);
}

describe('a container that ends by itself', () => {
  it('is started again after a back-off that doubles, and says when', async () => {
    const { id } = await run(FAILS, 'always');
    await bench.sawEvent(id, 'die');
    const { state } = await inspect(id);
    expect(state).toMatchObject({ status: 'restarting', restartCount: 1, exit: { code: 1 }, pid: null });
    expect(Date.parse(state.nextRetryAt!) - clock.now().getTime()).toBe(100);
    await nextCrash(id, 100, 2);
    await nextCrash(id, 200, 3);
    await clock.asleepFor(400);
    expect((await inspect(id)).state.restartCount).toBe(3);
    expect(bench.actions(id)).toEqual(['create', 'start', 'die', 'start', 'die', 'start', 'die']);
  });

  it('is said to be in a crash loop from the third quick end on, until a run lasts', async () => {
    const { id } = await run(FAILS, 'always');
    await bench.sawEvent(id, 'die');
    await nextCrash(id, 100, 2);
    expect((await inspect(id)).state.crashLooping).toBeNull();
    await nextCrash(id, 200, 3);
    const { state, reasons } = await inspect(id);
    expect(state.crashLooping).toEqual({ sinceExitCount: 3, nextRetryAt: state.nextRetryAt });
    expect(reasons).toContain('It ends soon after each start: 3 times in a row.');
    bench.runtime.programs['sh'] = ({ forever }) => forever();
    await clock.asleepFor(400);
    clock.advance(400);
    await bench.sawEvent(id, 'start', 4);
    await clock.asleepFor(10_000);
    expect((await inspect(id)).state).toMatchObject({
      status: 'running',
      crashLooping: { sinceExitCount: 3 },
    });
    clock.advance(10_000);
    await Promise.resolve();
    expect((await inspect(id)).state).toMatchObject({ status: 'running', crashLooping: null });
  });

  it('stays down when it failed as often as it may', async () => {
    const { id } = await run(FAILS, 'on-failure', 2);
    await bench.sawEvent(id, 'die');
    await nextCrash(id, 100, 2);
    await nextCrash(id, 200, 3);
    expect((await inspect(id)).state).toMatchObject({
      status: 'exited',
      restartCount: 2,
      nextRetryAt: null,
      crashLooping: null,
    });
    expect(clock.sleeping).toBe(0);
  });

  it('stays down after success with `on-failure`', async () => {
    const { id } = await run(['true'], 'on-failure');
    await bench.sawEvent(id, 'die');
    expect((await inspect(id)).state).toMatchObject({ status: 'exited', restartCount: 0 });
  });

  it('is listed among those that run while it waits', async () => {
    const { id } = await run(FAILS, 'always');
    await bench.sawEvent(id, 'die');
    expect(await bench.handlers.list({ all: false }, context)).toMatchObject([{ id }]);
  });

  it('stays down when it cannot be started any more, and says why', async () => {
    const { id } = await run(FAILS, 'always');
    await bench.sawEvent(id, 'die');
    bench.runtime.beforeRun = () =>
      Promise.reject(
        new EngineError('failed-precondition', 'no space left', { detail: { step: 'overlay' } }),
      );
    await clock.asleepFor(100);
    clock.advance(100);
    await bench.sawEvent(id, 'start_failed');
    await bench.handlers.wait({ container: id, condition: 'not-running' }, context);
    const { state, reasons } = await inspect(id);
    expect(state).toMatchObject({
      status: 'exited',
      nextRetryAt: null,
      failure: { message: 'no space left' },
    });
    expect(reasons[0]).toBe('The last start failed at the step "overlay": no space left');
  });
});

describe('while it waits to be started again', () => {
  it('a stop takes that back at once, and it stays down', async () => {
    const { id } = await run(FAILS, 'always');
    await bench.sawEvent(id, 'die');
    const { state } = await bench.handlers.stop({ container: id }, context);
    expect(state).toMatchObject({ status: 'exited', nextRetryAt: null });
    expect(clock.sleeping).toBe(0);
    expect(bench.actions(id)).toEqual(['create', 'start', 'die', 'stop']);
  });

  it('a removal is refused, and with force takes it away at once', async () => {
    const { id } = await run(FAILS, 'always');
    await bench.sawEvent(id, 'die');
    await expect(
      bench.handlers.remove({ container: id, force: false, volumes: false }, context),
    ).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('is restarting') as string,
    });
    await bench.handlers.remove({ container: id, force: true, volumes: false }, context);
    expect(await bench.handlers.list({ all: true }, context)).toEqual([]);
    expect(clock.sleeping).toBe(0);
  });

  it('a wait that began while it ran is over with the first exit, one that begins now with the next', async () => {
    const { id } = await run(FOREVER, 'always');
    const first = bench.handlers.wait({ container: id, condition: 'not-running' }, context);
    await bench.runtime.signal(id, 9);
    await expect(first).resolves.toMatchObject({ code: 137 });
    bench.runtime.programs['sleep'] = async () => 7;
    const second = bench.handlers.wait({ container: id, condition: 'not-running' }, context);
    await clock.asleepFor(100);
    clock.advance(100);
    await expect(second).resolves.toMatchObject({ code: 7 });
  });

  it('a runtime that is away delays the start, and is no failure of it', async () => {
    const { id } = await run(FAILS, 'always');
    await bench.sawEvent(id, 'die');
    await clock.asleepFor(100);
    bench.runtime.disconnect();
    clock.advance(100);
    await clock.asleepFor(200);
    expect((await inspect(id)).state).toMatchObject({ status: 'restarting', failure: null });
    bench.runtime.reconnect();
    clock.advance(200);
    await bench.sawEvent(id, 'start', 2);
  });

  it('the engine closes without waiting for it', async () => {
    const { id } = await run(FAILS, 'always');
    await bench.sawEvent(id, 'die');
    await bench.close();
    expect(clock.sleeping).toBe(0);
  });
});

describe('a stop by hand', () => {
  it.each(['always', 'unless-stopped', 'on-failure'] as const)('silences `%s`', async (name) => {
    const { id } = await run(FOREVER, name);
    await bench.handlers.kill({ container: id, signal: 'KILL' }, context);
    expect((await inspect(id)).state).toMatchObject({ status: 'exited', restartCount: 0 });
    expect(clock.sleeping).toBe(0);
  });

  it('is forgotten with the next start', async () => {
    const { id } = await run(FOREVER, 'unless-stopped');
    await bench.handlers.kill({ container: id, signal: 'KILL' }, context);
    await bench.handlers.start({ container: id }, context);
    await bench.runtime.signal(id, 9);
    await clock.asleepFor(100);
    expect((await inspect(id)).state).toMatchObject({ status: 'restarting', restartCount: 1 });
  });

  it('any other signal is none: what ends of it is started again', async () => {
    const { id } = await run(['sh', '-c', "trap 'exit 3' TERM; sleep 1000 & wait"], 'always');
    await bench.runtime.signal(id, 15);
    await clock.asleepFor(100);
    expect((await inspect(id)).state).toMatchObject({ status: 'restarting', exit: { code: 3 } });
  });
});

describe('an engine that starts', () => {
  async function restartEngine(): Promise<void> {
    bench = await bench.restartEngine();
    await bench.containers.reconciled;
  }

  it('starts what the machine took down', async () => {
    const always = await run(FOREVER, 'always');
    const unlessStopped = await run(FOREVER, 'unless-stopped');
    const never = await run(FOREVER, 'no');
    await bench.close();
    for (const { id } of [always, unlessStopped, never]) await bench.runtime.signal(id, 9);
    await restartEngine();
    await clock.asleepFor(100);
    clock.advance(100);
    await bench.sawEvent(always.id, 'start');
    await bench.sawEvent(unlessStopped.id, 'start');
    expect((await inspect(never.id)).state.status).toBe('exited');
  });

  it('starts what was stopped by hand only with `always`', async () => {
    const always = await run(FOREVER, 'always');
    const unlessStopped = await run(FOREVER, 'unless-stopped');
    for (const { id } of [always, unlessStopped])
      await bench.handlers.kill({ container: id, signal: 'KILL' }, context);
    await restartEngine();
    await bench.sawEvent(always.id, 'start');
    expect((await inspect(unlessStopped.id)).state.status).toBe('exited');
  });

  it('goes on with what waited for its restart', async () => {
    const { id } = await run(FAILS, 'on-failure', 5);
    await bench.sawEvent(id, 'die');
    await restartEngine();
    await bench.sawEvent(id, 'start');
    await bench.sawEvent(id, 'die');
  });

  it('starts a container after the one whose network it shares', async () => {
    const peer = await run(FOREVER, 'always');
    const joined = await bench.handlers.run(
      request(FOREVER, { network: `container:${peer.id}`, restart: { name: 'always' } }),
      context,
    );
    for (const { id } of [peer, joined])
      await bench.handlers.kill({ container: id, signal: 'KILL' }, context);
    bench.runtime.runs.length = 0;
    await restartEngine();
    await bench.sawEvent(joined.id, 'start');
    expect(bench.runtime.runs.map(({ id }) => id)).toEqual([peer.id, joined.id]);
  });
});
