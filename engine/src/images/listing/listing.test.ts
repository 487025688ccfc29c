import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageFilters } from '../../contract/index.ts';
import { ImagesBench } from '../../testing/images/images-bench.ts';
import { testImage, TestRegistry } from '../../testing/index.ts';

let bench: ImagesBench;
let registry: TestRegistry;

/** Three images, built a day after each other: `old`, `middle` without a tag, `new`. */
beforeAll(async () => {
  [bench, registry] = await Promise.all([ImagesBench.open(), TestRegistry.start()]);
  for (const [day, name] of [
    ['1', 'old'],
    ['2', 'middle'],
    ['3', 'new'],
  ] as const) {
    const created = `2026-01-0${day}T00:00:00Z`;
    const config = { Labels: { name, part: 'all' } };
    const image = await testImage({ layers: [{ name }], created, config });
    await bench.pull(registry.push('team/app', name, image));
    await bench.images.tag({ image: image.config.digest, reference: name });
  }
  const middle = (await bench.images.inspect({ image: 'middle' })).id;
  await bench.images.tag({ image: 'new', reference: `${registry.host}/team/app:middle` });
  await bench.images.tag({ image: 'new', reference: 'middle' });
  expect((await bench.images.inspect({ image: middle })).references).toEqual([]);
});

afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

async function listed(filters: ImageFilters): Promise<readonly string[]> {
  return (await bench.images.list({ filters })).map(({ labels }) => labels['name'] ?? '').sort();
}

describe('the filters of a list of images', () => {
  it('without any, there are all', async () => {
    expect(await listed({})).toEqual(['middle', 'new', 'old']);
  });

  it('by moment, before and since another image', async () => {
    expect(await listed({ until: '2026-01-02T00:00:00Z' })).toEqual(['old']);
    expect(await listed({ until: '2026-01-02T00:00:01Z' })).toEqual(['middle', 'old']);
    expect(await listed({ before: 'new' })).toEqual(['middle', 'old']);
    expect(await listed({ since: 'old' })).toEqual(['middle', 'new']);
    expect(await listed({ since: 'old', before: 'new' })).toEqual(['middle']);
    await expect(listed({ before: 'ghost' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('by labels, of which all must be there', async () => {
    expect(await listed({ label: ['part'] })).toHaveLength(3);
    expect(await listed({ label: ['part=all', 'name=old'] })).toEqual(['old']);
    expect(await listed({ label: ['part=none'] })).toEqual([]);
  });

  it('by whether they dangle: one that only has its digest is in both lists', async () => {
    expect(await listed({ dangling: true })).toEqual(['middle']);
    expect(await listed({ dangling: false })).toEqual(['middle', 'new', 'old']);
  });

  it('by patterns of names, and then shows only those names', async () => {
    expect(await listed({ reference: ['old'] })).toEqual(['old']);
    expect(await listed({ reference: ['n*', 'o*:latest'] })).toEqual(['new', 'old']);
    const [image] = await bench.images.list({ filters: { reference: ['m*'] } });
    expect(image).toMatchObject({ references: ['middle:latest'], repoDigests: [], labels: { name: 'new' } });
    expect(await listed({ reference: [`${registry.host}/team/*`] })).toEqual(['middle', 'new', 'old']);
    await expect(listed({ reference: ['[a'] })).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});

describe('the history of an image', () => {
  it('tells the steps, latest first, with the layer of each', async () => {
    const layers = [{ below: 'below' }, { above: 'above'.repeat(1000) }];
    const image = await testImage({
      layers,
      editConfig: (config) => ({
        ...config,
        history: [
          { created: '2026-01-01T00:00:00Z', created_by: 'ADD below' },
          { created_by: 'ENV A=1', comment: 'set', empty_layer: true },
        ],
      }),
    });
    const name = registry.push('history', '1', image);
    await bench.pull(name);
    const history = await bench.images.history({ image: name });
    expect(history).toMatchObject(
      [
        { imageId: image.config.digest, references: [name], createdBy: '', layer: image.layers[1] },
        { imageId: null, references: [], createdBy: 'ENV A=1', comment: 'set', layer: null, sizeBytes: 0 },
        {
          createdBy: 'ADD below',
          createdAt: '2026-01-01T00:00:00Z',
          layer: { diffId: image.layers[0]?.diffId },
        },
      ].map(({ layer, ...line }) => ({
        ...line,
        layer: layer === null ? null : { diffId: layer?.diffId },
      })),
    );
    expect(history[0]?.sizeBytes).toBeGreaterThan(5000);
  });
});
