import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImagesBench } from '../../testing/images/images-bench.ts';
import { testImage, type TestImage, TestRegistry } from '../../testing/index.ts';

let bench: ImagesBench;
let registry: TestRegistry;
let base: TestImage;
let app: TestImage;
let lost: TestImage;

const signal = new AbortController().signal;
const NO_FILTERS = { all: false, labels: [], labelsNot: [] };
const ALL = { ...NO_FILTERS, all: true };

/** `app` stands on the layer of `base`; `lost` has no name any more. */
beforeEach(async () => {
  [bench, registry] = await Promise.all([ImagesBench.open(), TestRegistry.start()]);
  base = await testImage({ layers: [{ base: 'base' }] });
  app = await testImage({ layers: [{ base: 'base' }, { app: 'app' }], config: { Labels: { keep: 'yes' } } });
  lost = await testImage({ layers: [{ lost: 'lost' }], created: '2025-01-01T00:00:00Z' });
  for (const image of [lost, base]) await bench.pull(registry.push('base', '1', image));
  await bench.pull(registry.push('app', '1', app));
});

afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

const ids = (images: readonly { readonly id: string }[]) => images.map(({ id }) => id).sort();
const left = async () => ids(await bench.images.list());
const idsOf = (...images: readonly TestImage[]) => images.map(({ config }) => config.digest).sort();

describe('pruning images', () => {
  it('removes those without a tag', async () => {
    const { untagged, deleted, freedBytes } = await bench.images.prune(NO_FILTERS);
    expect(deleted).toEqual([lost.config.digest]);
    expect(untagged).toEqual([`${registry.host}/base@${lost.manifest.digest}`]);
    expect(freedBytes).toBeGreaterThan(0);
    expect(await left()).toEqual(idsOf(base, app));
  });

  it('with "all" removes those with tags as well, but none that a container needs', async () => {
    bench.users.set(base.config.digest, [{ id: 'c1', name: 'web', running: false }]);
    const { deleted, untagged } = await bench.images.prune(ALL);
    expect([...deleted].sort()).toEqual(idsOf(app, lost));
    expect(untagged).toContain(`${registry.host}/app:1`);
    expect(await left()).toEqual(idsOf(base));
  });

  it('keeps to its filters', async () => {
    const before = { ...ALL, until: '2025-06-01T00:00:00Z' };
    expect(ids((await bench.images.prunable(before, { signal })).images)).toEqual(idsOf(lost));
    const labelled = { ...ALL, labels: ['keep=yes'] };
    expect(ids((await bench.images.prunable(labelled, { signal })).images)).toEqual(idsOf(app));
    const spared = { ...ALL, labelsNot: ['keep'] };
    expect(ids((await bench.images.prunable(spared, { signal })).images)).toEqual(idsOf(base, lost));
  });

  it.each([NO_FILTERS, ALL, { ...ALL, labels: ['keep'] }])(
    'frees exactly what was said before: %j',
    async (filters) => {
      const said = await bench.images.prunable(filters, { signal });
      expect(await left()).toHaveLength(3);
      const done = await bench.images.prune(filters);
      expect(ids(said.images)).toEqual([...done.deleted].sort());
      expect(done.freedBytes).toBe(said.freedBytes);
      expect(done.freedBytes).toBeGreaterThan(0);
    },
  );

  it('tells of each image, and of the pruning', async () => {
    const events = bench.events.watch({ types: ['image'] }, signal);
    await bench.images.prune(NO_FILTERS);
    expect((await events.next()).value).toMatchObject({ action: 'untag', id: lost.config.digest });
    expect((await events.next()).value).toMatchObject({ action: 'delete', id: lost.config.digest });
    expect((await events.next()).value).toMatchObject({ action: 'prune' });
  });
});
