import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/clock/manual-clock.ts';
import { ContainersBench, FakeRuntime, request } from '../../testing/runtime/index.ts';

const UNTIL_TERM = ['sh', '-c', "trap 'exit 5' TERM; sleep 1000 & wait"];
const caller = () => ({ signal: new AbortController().signal });
const context = caller();
const CHECK = { command: ['check'], intervalMs: 5000, timeoutMs: 2000, retries: 2 };

let clock: ManualClock;
let bench: ContainersBench;
/** What the check does next. */
let probe: Parameters<typeof programs>[0];

function programs(check: () => Promise<number> | number): void {
  probe = check;
}

beforeEach(async () => {
  clock = new ManualClock();
  bench = await ContainersBench.open(undefined, new FakeRuntime(clock));
  programs(() => 0);
  bench.runtime.programs['check'] = async ({ stdout }) => {
    stdout('checked\n');
    return probe();
  };
});
afterEach(() => bench[Symbol.asyncDispose]());

const inspect = (container: string) => bench.handlers.inspect({ container }, context);
const healthOf = async (id: string) => (await inspect(id)).state.health;

async function run(healthcheck: object = CHECK): Promise<string> {
  const { id } = await bench.handlers.run(request(UNTIL_TERM, { healthcheck }), context);
  return id;
}

/** Lets one interval pass, and waits until the next one has begun. */
async function nextProbe(): Promise<void> {
  await clock.asleepFor(CHECK.intervalMs);
  clock.advance(CHECK.intervalMs);
  await clock.asleepFor(CHECK.intervalMs);
}

describe('a container with a health check', () => {
  it('is starting, then healthy, then unhealthy, and says each change once', async () => {
    const id = await run();
    expect(await healthOf(id)).toEqual({ status: 'starting', failingStreak: 0, probes: [] });
    await nextProbe();
    expect(await healthOf(id)).toMatchObject({
      status: 'healthy',
      probes: [{ exitCode: 0, output: 'checked\n' }],
    });
    await nextProbe();
    programs(() => 1);
    await nextProbe();
    expect(await healthOf(id)).toMatchObject({ status: 'healthy', failingStreak: 1 });
    await nextProbe();
    const { state, reasons } = await inspect(id);
    expect(state.health).toMatchObject({ status: 'unhealthy', failingStreak: 2 });
    expect(reasons).toEqual(['Its health check failed (exit code 1): checked']);
    const changes = bench.eventsOf(id).filter(({ action }) => action === 'health_status');
    expect(changes.map(({ attributes }) => attributes['health_status'])).toEqual(['healthy', 'unhealthy']);
  });

  it('does not show its probes as commands that somebody ran', async () => {
    const id = await run();
    await nextProbe();
    expect(bench.actions(id)).toEqual(['create', 'start', 'health_status']);
  });

  it('fails a check that takes too long, and kills it', async () => {
    programs(() => new Promise(() => undefined));
    const id = await run();
    await clock.asleepFor(CHECK.intervalMs);
    clock.advance(CHECK.intervalMs);
    await clock.asleepFor(CHECK.timeoutMs);
    clock.advance(CHECK.timeoutMs);
    await clock.asleepFor(CHECK.intervalMs);
    expect(await healthOf(id)).toMatchObject({
      failingStreak: 1,
      probes: [{ exitCode: -1, output: 'It took longer than 2 s.\nchecked\n' }],
    });
    expect(bench.runtime.execCount(id)).toBe(0);
  });

  it('fails a check that is no program of the container', async () => {
    const id = await run({ ...CHECK, command: ['/no/such'] });
    await nextProbe();
    expect(await healthOf(id)).toMatchObject({
      failingStreak: 1,
      probes: [{ exitCode: -1, output: '/no/such: executable file not found in the container' }],
    });
  });

  it('keeps 4 KiB of what a check prints', async () => {
    bench.runtime.programs['check'] = async ({ stdout }) => {
      for (let times = 0; times < 10; times += 1) stdout('x'.repeat(1000));
      return 0;
    };
    const id = await run();
    await nextProbe();
    expect((await healthOf(id))?.probes[0]?.output).toHaveLength(4096);
  });

  it('is not looked at while it is paused', async () => {
    const id = await run();
    await bench.handlers.pause({ container: id }, context);
    clock.advance(60_000);
    await Promise.resolve();
    expect(await healthOf(id)).toMatchObject({ status: 'starting', probes: [] });
    await bench.handlers.unpause({ container: id }, context);
    await bench.sawEvent(id, 'health_status');
  });

  it('begins anew with each start', async () => {
    const id = await run();
    await nextProbe();
    await bench.handlers.restart({ container: id }, context);
    expect(await healthOf(id)).toEqual({ status: 'starting', failingStreak: 0, probes: [] });
  });

  it('takes its check along when it stops', async () => {
    programs(() => new Promise(() => undefined));
    const id = await run();
    await clock.asleepFor(CHECK.intervalMs);
    clock.advance(CHECK.intervalMs);
    await clock.asleepFor(CHECK.timeoutMs);
    await bench.handlers.stop({ container: id }, context);
    expect(clock.sleeping).toBe(0);
    expect(await healthOf(id)).toMatchObject({ status: 'starting', probes: [] });
  });

  it('learns nothing from a runtime that is away', async () => {
    const id = await run();
    await clock.asleepFor(CHECK.intervalMs);
    bench.runtime.disconnect();
    clock.advance(CHECK.intervalMs);
    await clock.asleepFor(CHECK.intervalMs);
    expect(await healthOf(id)).toMatchObject({ status: 'starting', failingStreak: 0, probes: [] });
    bench.runtime.reconnect();
    await nextProbe();
    expect(await healthOf(id)).toMatchObject({ status: 'healthy' });
  });

  it('is looked at at once by an engine that finds it running', async () => {
    const id = await run();
    clock.advance(60_000);
    bench = await bench.restartEngine();
    await bench.sawEvent(id, 'health_status');
    expect(await healthOf(id)).toMatchObject({ status: 'healthy' });
  });

  it('without one has no health', async () => {
    const { id } = await bench.handlers.run(request(UNTIL_TERM), context);
    expect(await healthOf(id)).toBeNull();
  });
});

describe('fifty containers whose checks run all the time', () => {
  it('are stopped and removed beside them, and a check that hangs delays no other', async () => {
    bench.runtime.programs['hang'] = ({ forever }) => forever();
    await bench[Symbol.asyncDispose]();
    bench = await ContainersBench.open();
    bench.runtime.programs['check'] = async () => 0;
    bench.runtime.programs['hang'] = ({ forever }) => forever();
    const check = (command: string) => ({ command: [command], intervalMs: 1, timeoutMs: 60_000 });
    const ids = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const healthcheck = check(index % 5 === 0 ? 'hang' : 'check');
        return (await bench.handlers.run(request(UNTIL_TERM, { healthcheck }), caller())).id;
      }),
    );
    const checked = ids.filter((_, index) => index % 5 !== 0);
    await Promise.all(checked.map((id) => bench.sawEvent(id, 'health_status')));
    await Promise.all(ids.map((id) => bench.handlers.stop({ container: id }, caller())));
    await Promise.all(
      ids.map((id) => bench.handlers.remove({ container: id, force: false, volumes: false }, caller())),
    );
    expect(await bench.handlers.list({ all: true }, context)).toEqual([]);
    expect(bench.reports).toEqual([]);
  });
});
