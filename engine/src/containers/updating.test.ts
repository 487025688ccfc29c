import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../errors/index.ts';
import { ContainersBench, request } from '../testing/runtime/index.ts';
import type { InputOf } from './handler-input.ts';

const FOREVER = ['sleep', '1000'];
const MIB = 1024 * 1024;
const context = { signal: new AbortController().signal };

let bench: ContainersBench;
beforeEach(async () => {
  bench = await ContainersBench.open();
});
afterEach(() => bench[Symbol.asyncDispose]());

const LIMITS = { memoryBytes: 64 * MIB, pidsLimit: 20, cpus: 1.5 };
const run = async (more: object = {}) =>
  (await bench.handlers.run(request(FOREVER, { resources: LIMITS, ...more }), context)).id;
const update = (container: string, change: Omit<Partial<InputOf<'update'>>, 'container'>) =>
  bench.handlers.update({ container, resources: {}, ...change }, context);
const resourcesOf = async (container: string) =>
  (await bench.handlers.inspect({ container }, context)).spec.resources;
const told = () => bench.runtime.updates.map(({ resources }) => resources);

describe('update', () => {
  it('changes what is named of a running container, there and in its record', async () => {
    const id = await run();
    const { spec } = await update(id, { resources: { memoryBytes: 128 * MIB } });
    expect(spec.resources).toMatchObject({ ...LIMITS, memoryBytes: 128 * MIB });
    expect(told()).toEqual([{ memory: { limit: 128 * MIB, swap: 256 * MIB } }]);
    expect(bench.actions(id)).toEqual(['create', 'start', 'update']);
    bench = await bench.restartEngine();
    expect(await resourcesOf(id)).toMatchObject({ memoryBytes: 128 * MIB });
  });

  it('lifts limits', async () => {
    const id = await run();
    await update(id, { resources: { memoryBytes: 0, pidsLimit: 0, cpus: 0 } });
    expect(told()).toEqual([{ memory: { limit: -1, swap: -1 }, cpu: { quota: -1 }, pids: { limit: -1 } }]);
    expect(await resourcesOf(id)).toMatchObject({ memoryBytes: null, pidsLimit: null, cpus: null });
  });

  it('of a container that does not run is for its next start', async () => {
    const { id } = await bench.handlers.create(request(FOREVER), context);
    await update(id, { resources: { memoryBytes: 32 * MIB } });
    expect(told()).toEqual([]);
    await bench.handlers.start({ container: id }, context);
    expect(bench.runtime.runs[0]?.spec.linux.resources.memory?.limit).toBe(32 * MIB);
  });

  it('lifts lists of processors and the weight on disks only while it does not run', async () => {
    const lists = { cpusetCpus: '0', cpusetMems: '0', blockIo: { weight: 300 } };
    const { id } = await bench.handlers.create(request(FOREVER, { resources: lists }), context);
    const lifted = { cpusetCpus: '', cpusetMems: '', blockIo: { weight: 0 } };
    await bench.handlers.start({ container: id }, context);
    await expect(update(id, { resources: lifted })).rejects.toMatchObject({ hint: 'Stop it first.' });
    await bench.handlers.kill({ container: id, signal: 'KILL' }, context);
    await bench.handlers.wait({ container: id, condition: 'not-running' }, context);
    await update(id, { resources: lifted });
    expect(await resourcesOf(id)).toMatchObject({
      cpusetCpus: null,
      cpusetMems: null,
      blockIo: { weight: null },
    });
  });

  it('refuses what contradicts itself, and changes nothing', async () => {
    const id = await run();
    const change = { resources: { memorySwapBytes: 32 * MIB, pidsLimit: 5 } };
    await expect(update(id, change)).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(told()).toEqual([]);
    expect(await resourcesOf(id)).toMatchObject(LIMITS);
  });

  it('that the kernel refuses leaves the record as it is', async () => {
    const id = await run();
    bench.runtime.beforeUpdate = () =>
      Promise.reject(new EngineError('invalid-argument', 'too little', { detail: { step: 'cgroup' } }));
    await expect(update(id, { resources: { pidsLimit: 5 }, restart: ALWAYS })).rejects.toThrow('too little');
    const { spec } = await bench.handlers.inspect({ container: id }, context);
    expect(spec).toMatchObject({ resources: LIMITS, restart: { name: 'no' } });
  });

  it('that cannot be stored is taken back where it was done', async () => {
    const id = await run();
    vi.spyOn(bench.records, 'put').mockRejectedValueOnce(new EngineError('unavailable', 'The disk is full.'));
    await expect(update(id, { resources: { pidsLimit: 5 } })).rejects.toThrow('The disk is full.');
    expect(told()).toEqual([{ pids: { limit: 5 } }, { pids: { limit: 20 } }]);
    expect(await resourcesOf(id)).toMatchObject(LIMITS);
  });

  it('refuses while it runs what only a start can set', async () => {
    const id = await run();
    await expect(update(id, { resources: { oomKillDisable: true } })).rejects.toMatchObject({
      code: 'failed-precondition',
      hint: 'Stop it first.',
    });
  });
});

const ALWAYS = { name: 'always', maximumRetries: 0 } as const;

describe('another restart policy', () => {
  it('counts from the next end on', async () => {
    const id = await run();
    await update(id, { restart: ALWAYS });
    await bench.runtime.signal(id, 9);
    await bench.sawEvent(id, 'start', 2);
  });

  it('of none takes a start back that is due', async () => {
    const { id } = await bench.handlers.run(
      request(['sh', '-c', 'exit 1'], { restart: { name: 'always' } }),
      context,
    );
    await bench.sawEvent(id, 'die');
    const { state } = await update(id, { restart: { name: 'no', maximumRetries: 0 } });
    expect(state).toMatchObject({ status: 'exited', nextRetryAt: null });
  });

  it('is refused for one that removes itself', async () => {
    const id = await run({ autoRemove: true });
    await expect(update(id, { restart: ALWAYS })).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});
