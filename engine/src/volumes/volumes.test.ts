import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contract } from '../contract/index.ts';
import { ContainersBench } from '../testing/runtime/containers-bench.ts';
import { file } from '../testing/runtime/fake-tree.ts';
import type { InputOf } from './handler-input.ts';

const context = { signal: new AbortController().signal };
const DRIVER = { driver: 'local', options: {}, labels: {} } as const;

describe('volumes', () => {
  let bench: ContainersBench;

  beforeEach(async () => {
    bench = await ContainersBench.open();
  });
  afterEach(() => bench[Symbol.asyncDispose]());

  const create = (name?: string, more: Partial<InputOf<'create'>> = {}) =>
    bench.volumes.handlers.create({ ...DRIVER, ...(name !== undefined && { name }), ...more }, context);
  const remove = (volume: string, permanently = false) =>
    bench.volumes.handlers.remove({ volume, force: false, permanently }, context);
  const names = async () => (await bench.volumes.handlers.list({}, context)).map(({ name }) => name);
  const trash = () => bench.volumes.handlers.trash({}, context);
  const prune = (more: Partial<InputOf<'prune'>> = {}) =>
    bench.volumes.handlers.prune({ all: false, labels: [], labelsNot: [], ...more }, context);

  it('without a name get one of 64 hex digits', async () => {
    const { name, anonymous } = await create();
    expect([/^[0-9a-f]{64}$/.test(name), anonymous]).toEqual([true, true]);
  });

  it('that are there with the same settings are the answer; with others it is refused', async () => {
    const first = await create('data', { labels: { a: '1' } });
    expect(await create('data', { labels: { a: '1' } })).toEqual(first);
    expect(await create('data')).toEqual(first);
    await expect(create('data', { labels: { a: '2' } })).rejects.toMatchObject({ code: 'already-exists' });
    const options = { type: 'tmpfs', device: 'tmpfs' };
    await expect(create('data', { options })).rejects.toMatchObject({ code: 'already-exists' });
  });

  it('whose names differ only in case cannot be told apart', async () => {
    await create('data');
    await expect(create('Data')).rejects.toMatchObject({ code: 'already-exists' });
    expect(await names()).toEqual(['data']);
  });

  it('with options that the driver does not know are not made', async () => {
    await expect(create('data', { options: { colour: 'red' } })).rejects.toMatchObject({
      code: 'invalid-argument',
      detail: { path: 'colour' },
    });
    expect(await names()).toEqual([]);
  });

  it('are found by name, label, driver, and whether somebody has them', async () => {
    await create('one', { labels: { role: 'db' } });
    await create('two');
    const found = async (filters: NonNullable<InputOf<'list'>['filters']>) =>
      (await bench.volumes.handlers.list({ filters }, context)).map(({ name }) => name);
    expect(await found({ name: ['wo'] })).toEqual(['two']);
    expect(await found({ label: ['role=db'] })).toEqual(['one']);
    expect(await found({ driver: ['nfs'] })).toEqual([]);
    expect(await found({ dangling: true })).toEqual(['one', 'two']);
  });

  it('that are removed come back with their labels and their data', async () => {
    await create('data', { labels: { a: '1' } });
    bench.volumeStore.of('data').nodes.set('/file', file('kept'));
    const { trashId } = await remove('data');
    expect(await names()).toEqual([]);
    expect(await trash()).toMatchObject([{ id: trashId, name: 'data', labels: { a: '1' } }]);
    const restored = await bench.volumes.handlers.restore({ trashed: 'data' }, context);
    expect(restored).toMatchObject({ name: 'data', labels: { a: '1' } });
    expect(bench.volumeStore.of('data').get('/file').content.toString()).toBe('kept');
    expect(await trash()).toEqual([]);
  });

  it('are restored under another name where theirs is taken', async () => {
    await create('data');
    await remove('data');
    await create('data');
    await expect(bench.volumes.handlers.restore({ trashed: 'data' }, context)).rejects.toMatchObject({
      code: 'already-exists',
    });
    await bench.volumes.handlers.restore({ trashed: 'data', name: 'former' }, context);
    expect(await names()).toEqual(['data', 'former']);
  });

  it('that are removed permanently, or purged, are gone', async () => {
    await create('one');
    expect(await remove('one', true)).toEqual({ name: 'one', trashId: null });
    await create('two');
    bench.volumeStore.of('two').nodes.set('/file', file('12345'));
    const { trashId } = await remove('two');
    const purged = await bench.volumes.handlers.purge({ trashed: ['two'] }, context);
    expect(purged).toEqual({ removed: [trashId], freedBytes: 5 });
    expect(await trash()).toEqual([]);
    await expect(bench.volumes.handlers.purge({ trashed: ['two'] }, context)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('that nobody named are pruned; with a name only when that is asked', async () => {
    await create();
    await create('named');
    await create('spared', { labels: { keep: 'yes' } });
    expect((await prune()).removed).toHaveLength(1);
    expect((await prune({ all: true, labelsNot: ['keep'] })).removed).toEqual(['named']);
    expect(await names()).toEqual(['spared']);
  });

  it.each([
    ['name', { name: 'x' }],
    ['name', { name: '-data' }],
    ['name', { name: 'a/b' }],
    ['name', { name: '..' }],
    ['name', { name: 'grün' }],
    ['name', { name: 'x'.repeat(251) }],
    ['driver', { name: 'data', driver: 'flocker' }],
    ['labels', { name: 'data', labels: { role: 1 } }],
    ['options', { name: 'data', options: { type: 1 } }],
  ])('with a bad %s are refused by its name: %j', (field, asked) => {
    const { success, error } = contract.volumes.create.input.safeParse(asked);
    expect([success, error?.issues[0]?.path[0]]).toEqual([false, field]);
  });

  it('may have names as long as those of files', async () => {
    const long = 'x'.repeat(250);
    expect(contract.volumes.create.input.safeParse({ name: long }).success).toBe(true);
    await create(long);
    const again = await bench.restartEngine();
    expect((await again.volumes.handlers.list({}, context)).map(({ name }) => name)).toEqual([long]);
    await again[Symbol.asyncDispose]();
  });

  it('are cloned with their labels, or others', async () => {
    await create('data', { labels: { a: '1' } });
    bench.volumeStore.of('data').nodes.set('/file', file('x'));
    await bench.volumes.handlers.clone({ volume: 'data', name: 'copy' }, context);
    const other = { volume: 'data', name: 'other', labels: { b: '2' } };
    expect(await bench.volumes.handlers.clone(other, context)).toMatchObject({ labels: { b: '2' } });
    expect(await bench.volumes.handlers.inspect({ volume: 'copy' }, context)).toMatchObject({
      labels: { a: '1' },
    });
    expect(bench.volumeStore.of('copy').nodes.has('/file')).toBe(true);
    expect(bench.tasks.list().map(({ kind }) => kind)).toEqual(['volume-clone', 'volume-clone']);
  });

  it('are known again from the data alone, and forgotten with it', async () => {
    await create('kept', { labels: { a: '1' } });
    await create('gone');
    const again = await bench.restartEngine();
    await again.volumeStore.remove('gone', null);
    await again.volumeStore.create({
      name: 'found',
      options: {},
      record: JSON.stringify({
        name: 'found',
        labels: { b: '2' },
        options: {},
        anonymous: false,
        createdAt: '2026-01-01T00:00:00.000Z',
      }),
    });
    await again.volumeStore.create({ name: 'by-hand', options: {}, record: '' });
    again.volumes.beginUpkeep(() => Promise.resolve());
    await expect
      .poll(async () => (await again.volumes.handlers.list({}, context)).map(({ name }) => name))
      .toEqual(['by-hand', 'found', 'kept']);
    expect(await again.volumes.handlers.inspect({ volume: 'found' }, context)).toMatchObject({
      labels: { b: '2' },
    });
    await again[Symbol.asyncDispose]();
  });
});
