import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ContainersBench, request, SAMPLE_IMAGE } from '../testing/runtime/containers-bench.ts';
import { file, FakeTree } from '../testing/runtime/fake-tree.ts';
import { imageConfig } from '../testing/runtime/sample-image.ts';
import type { ContainerDetails, VolumeMount } from '../types/index.ts';
import type { InputOf } from './handler-input.ts';

const context = { signal: new AbortController().signal };

describe('the volumes of containers', () => {
  let bench: ContainersBench;

  beforeEach(async () => {
    bench = await ContainersBench.open();
  });
  afterEach(() => bench[Symbol.asyncDispose]());

  type Asked = Parameters<typeof request>[1];
  const create = (asked: Asked): Promise<ContainerDetails> =>
    bench.handlers.create(request(['sleep', '1000'], asked), context);
  const remove = (container: string, more: Partial<InputOf<'remove'>> = {}) =>
    bench.handlers.remove({ container, force: true, volumes: false, ...more }, context);
  const volumes = async (): Promise<readonly string[]> =>
    (await bench.volumes.handlers.list({}, context)).map(({ name }) => name);
  const named = (source: string, target: string) => ({ type: 'volume', source, target }) as const;
  const mountsOf = ({ spec }: ContainerDetails): readonly VolumeMount[] =>
    spec.mounts.filter((mount) => mount.type === 'volume');

  it('are made with the container, filled from the image, and told as used by it', async () => {
    bench.volumeStore.image.set('/data', new FakeTree([['/a', file('from the image')]]));
    const { id, name } = await create({ mounts: [named('data', '/data')] });
    expect(bench.volumeStore.of('data').get('/a').content.toString()).toBe('from the image');
    const { usedBy } = await bench.volumes.handlers.inspect({ volume: 'data' }, context);
    expect(usedBy).toEqual([{ id, name, running: false, targets: ['/data'], readOnly: false }]);
  });

  it('stay empty with noCopy, and as they are when they have something', async () => {
    bench.volumeStore.image.set('/data', new FakeTree([['/a', file('x')]]));
    await create({ mounts: [{ ...named('empty', '/data'), noCopy: true }] });
    expect(bench.volumeStore.of('empty').nodes.size).toBe(1);
    await bench.volumes.handlers.create({ name: 'full', driver: 'local', options: {}, labels: {} }, context);
    bench.volumeStore.of('full').nodes.set('/mine', file('x'));
    await create({ mounts: [named('full', '/data')] });
    expect([...bench.volumeStore.of('full').nodes.keys()]).toEqual(['/', '/mine']);
  });

  it('are made for what the image names, but not where something is mounted', async () => {
    bench.image = { ...SAMPLE_IMAGE, config: imageConfig({ volumes: ['/db', 'cache/', '/tmp'] }) };
    const made = await create({ mounts: [named('mine', '/db'), { type: 'tmpfs', target: '/tmp' }] });
    expect(mountsOf(made)).toMatchObject([
      { source: 'mine', target: '/db', anonymous: false },
      { source: expect.stringMatching(/^[0-9a-f]{64}$/) as string, target: '/cache', anonymous: true },
    ]);
  });

  it('stay when the container goes; those without a name go when that is asked', async () => {
    const mounts = [named('kept', '/a'), { type: 'volume', target: '/b' } as const];
    const first = await create({ mounts });
    await remove(first.id);
    expect(await volumes()).toHaveLength(2);
    const second = await create({ mounts });
    await remove(second.id, { volumes: true });
    expect(await volumes()).toHaveLength(2);
    expect(await volumes()).toContain('kept');
  });

  it('without a name go with a container of --rm', async () => {
    const { id } = await bench.handlers.run(
      request(['true'], { autoRemove: true, mounts: [{ type: 'volume', target: '/b' }] }),
      context,
    );
    await bench.sawEvent(id, 'destroy');
    expect(await volumes()).toEqual([]);
  });

  it('of another container come with its access, and go with the last that has them', async () => {
    const first = await create({ mounts: [{ type: 'volume', target: '/b' }, named('data', '/data')] });
    const second = await create({
      volumesFrom: [{ container: first.name, readOnly: true }],
      mounts: [named('own', '/data')],
    });
    const [shared] = mountsOf(first);
    expect(mountsOf(second)).toMatchObject([
      { source: 'own', target: '/data', readOnly: false },
      { source: shared?.source, target: '/b', readOnly: true, noCopy: true },
    ]);
    await remove(first.id, { volumes: true });
    expect(await volumes()).toContain(shared?.source);
    await remove(second.id, { volumes: true });
    expect(await volumes()).toEqual(['data', 'own']);
  });

  it('cannot be removed while a container has them', async () => {
    const { id, name } = await create({ mounts: [named('data', '/data')] });
    const removal = { volume: 'data', force: true, permanently: false };
    await expect(bench.volumes.handlers.remove(removal, context)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(name) as string,
    });
    await remove(id);
    await bench.volumes.handlers.remove(removal, context);
    expect(await volumes()).toEqual([]);
  });

  it('leave none without a name behind when the container cannot be made', async () => {
    const mounts = [
      { type: 'volume', target: '/a' } as const,
      { ...named('data', '/b'), options: { colour: 'red' } },
    ];
    await expect(create({ mounts })).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(await volumes()).toEqual([]);
    expect(await bench.handlers.list({ all: true }, context)).toEqual([]);
  });

  it('are told when they are mounted and unmounted', async () => {
    const mounts = [named('data', '/data')];
    const { id } = await bench.handlers.run(request(['true'], { mounts }), context);
    await bench.handlers.wait({ container: id, condition: 'not-running' }, context);
    const told = bench.volumeEvents.map(({ action, attributes }) => [action, attributes['container']]);
    expect(told).toEqual([
      ['create', undefined],
      ['mount', id],
      ['unmount', id],
    ]);
  });

  it('survive the engine, with what is known of them', async () => {
    await bench.volumes.handlers.create(
      { name: 'data', driver: 'local', options: {}, labels: { a: '1' } },
      context,
    );
    const again = await bench.restartEngine();
    expect(await again.volumes.handlers.inspect({ volume: 'data' }, context)).toMatchObject({
      name: 'data',
      labels: { a: '1' },
    });
    await again[Symbol.asyncDispose]();
  });
});
