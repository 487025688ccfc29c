import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/clock/manual-clock.ts';
import { ContainersBench, FakeRuntime, request } from '../../testing/runtime/index.ts';
import type { StatsBatch } from '../../types/index.ts';

const FOREVER = ['sleep', '1000'];
const MIB = 1024 * 1024;
const SECOND = 1000;

let clock: ManualClock;
let bench: ContainersBench;
beforeEach(async () => {
  clock = new ManualClock();
  bench = await ContainersBench.open(undefined, new FakeRuntime(clock));
});
afterEach(() => bench[Symbol.asyncDispose]());

const caller = () => ({ signal: new AbortController().signal });
const run = async (memoryBytes?: number) =>
  (
    await bench.handlers.run(
      request(FOREVER, memoryBytes === undefined ? {} : { resources: { memoryBytes } }),
      caller(),
    )
  ).id;
const watch = (...containers: string[]) =>
  bench.handlers.stats({ containers }, caller())[Symbol.asyncIterator]();

async function next(reader: AsyncIterator<StatsBatch>): Promise<StatsBatch> {
  const { value } = (await reader.next()) as { value: StatsBatch };
  return value;
}

async function second(): Promise<void> {
  await clock.asleepFor(SECOND);
  clock.advance(SECOND);
}

const queries = () => [...bench.runtime.statsQueries];

describe('what containers use', () => {
  it('is told at once, and the load with the second batch', async () => {
    const id = await run(64 * MIB);
    const reader = watch(id);
    const [first] = (await next(reader)).containers;
    expect(first).toMatchObject({
      id,
      cpu: { fraction: null, onlineCpus: 2 },
      memory: { usedBytes: 20 * MIB, usageBytes: 30 * MIB, limitBytes: 64 * MIB },
      blockIo: { readBytes: 5 * MIB, writeBytes: MIB },
      pids: { current: 1, limit: null },
    });
    await second();
    const [later] = (await next(reader)).containers;
    expect(later?.cpu.fraction).toBeCloseTo(0.5);
    expect(later?.network).toEqual({ receivedBytes: SECOND, sentBytes: 2 * SECOND });
    await reader.return?.();
  });

  it('without a limit has the memory of the machine as its limit', async () => {
    const reader = watch(await run());
    expect((await next(reader)).containers[0]?.memory.limitBytes).toBe(8_000_000_000);
    await reader.return?.();
  });

  it('is of those that run, when none is named', async () => {
    const [one, two] = [await run(), await run()];
    const reader = watch();
    expect((await next(reader)).containers.map(({ id }) => id)).toEqual([one, two]);
    await bench.handlers.kill({ container: two, signal: 'KILL' }, caller());
    await second();
    expect((await next(reader)).containers.map(({ id }) => id)).toEqual([one]);
    await reader.return?.();
  });

  it('of a container that is not there fails at once', () => {
    expect(() => watch('unknown')).toThrow('No such container: unknown');
  });
});

describe('the stream of the runtime', () => {
  it('is one for all readers, of what they look at, and ends with the last of them', async () => {
    const [one, two] = [await run(), await run()];
    const first = watch(one);
    await next(first);
    expect(queries()).toMatchObject([{ ids: [one] }]);
    const other = watch(two);
    expect((await next(other)).containers.map(({ id }) => id)).toEqual([two]);
    expect(queries()).toMatchObject([{ ids: [one, two] }]);
    const same = watch(two);
    await next(same);
    expect(queries()).toHaveLength(1);
    for (const reader of [other, same]) await reader.return?.();
    expect((await next(first)).containers.map(({ id }) => id)).toEqual([one]);
    await clock.asleepFor(SECOND);
    expect(queries()).toMatchObject([{ ids: [one] }]);
    await first.return?.();
    await Promise.resolve();
    expect(clock.sleeping).toBe(0);
  });

  it('that breaks fails its readers, who may ask again', async () => {
    const reader = watch(await run());
    await next(reader);
    bench.runtime.disconnect();
    await second();
    await expect(reader.next()).rejects.toMatchObject({ code: 'unavailable' });
    bench.runtime.reconnect();
    const again = watch();
    expect((await next(again)).containers).toHaveLength(1);
    await again.return?.();
  });

  it('ends when its reader is cancelled, or the engine closes', async () => {
    const abort = new AbortController();
    const reader = bench.handlers.stats({ containers: [await run()] }, abort)[Symbol.asyncIterator]();
    await reader.next();
    const waiting = reader.next();
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    const other = watch();
    await next(other);
    await bench.close();
    await expect(other.next()).rejects.toMatchObject({ code: 'cancelled' });
    expect(clock.sleeping).toBe(0);
  });
});
