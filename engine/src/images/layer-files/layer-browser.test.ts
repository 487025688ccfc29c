import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../content/index.ts';
import { MEDIA_TYPES } from '../../oci/index.ts';
import { ImagesBench } from '../../testing/images/images-bench.ts';
import { type ArchiveEntries, testArchive } from '../../testing/images/test-archive.ts';
import { stored, type TestImage, testImage, type TestLayer, TestRegistry } from '../../testing/index.ts';
import type { ImageFileOrigin, ImageLayerFile } from '../../types/index.ts';

let bench: ImagesBench;
let registry: TestRegistry;
let image: TestImage;
let name: string;

const context = { signal: new AbortController().signal };

const LAYERS: readonly ArchiveEntries[] = [
  [
    ['etc/', { type: 'directory', mode: 0o755 }],
    ['etc/passwd', 'root'],
    ['etc/motd', 'hello'],
    ['srv/data/old', 'old'],
    ['usr/lib/long', 'x'.repeat(300_000)],
  ],
  [
    ['./etc/passwd', 'root and more'],
    ['etc/.wh.motd', ''],
    ['srv/.wh.data', ''],
    ['srv/data/new', 'new'],
    ['bin/sh', { type: 'symlink', linkname: 'busybox' }],
    ['bin/ash', { type: 'link', linkname: 'bin/busybox' }],
  ],
  [['etc/.wh..wh..opq', '']],
];

async function layerOf(entries: ArchiveEntries): Promise<TestLayer> {
  const archive = await testArchive(entries);
  return { ...stored(MEDIA_TYPES.ociLayerGzip, gzipSync(archive)), diffId: digestOf(archive) };
}

beforeAll(async () => {
  [bench, registry] = await Promise.all([ImagesBench.open(), TestRegistry.start()]);
  const layers = await Promise.all(LAYERS.map(layerOf));
  const descriptors = layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size }));
  const made = await testImage({
    layers: [],
    editConfig: (config) => ({
      ...config,
      rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    }),
    editManifest: (manifest) => ({ ...manifest, layers: descriptors }),
  });
  image = { ...made, layers };
  name = registry.push('app', '1', image);
  await bench.pull(name);
});

afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

async function files(layer: string): Promise<readonly ImageLayerFile[]> {
  const all: ImageLayerFile[] = [];
  for await (const batch of bench.images.layerFiles({ image: name, layer }, context)) all.push(...batch);
  return all;
}

async function origins(path: string): Promise<readonly string[]> {
  const all: ImageFileOrigin[] = [];
  for await (const origin of bench.images.fileOrigins({ image: name, path }, context)) all.push(origin);
  return all.map(({ layerIndex, file }) => `${layerIndex} ${file.change} ${file.path}`);
}

describe('the files of a layer', () => {
  it('are told as its archive has them, by digest and by DiffID', async () => {
    const [lowest, middle] = image.layers;
    expect((await files(lowest!.digest)).map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
      ['/etc', 0],
      ['/etc/passwd', 4],
      ['/etc/motd', 5],
      ['/srv/data/old', 3],
      ['/usr/lib/long', 300_000],
    ]);
    expect(await files(middle!.diffId)).toMatchObject([
      { path: '/etc/passwd', change: 'present', type: 'file', mode: 0o100644, linkTarget: null },
      { path: '/etc/motd', change: 'deleted', sizeBytes: 0 },
      { path: '/srv/data', change: 'deleted' },
      { path: '/srv/data/new', change: 'present' },
      { path: '/bin/sh', type: 'link', linkTarget: 'busybox' },
      { path: '/bin/ash', type: 'file', linkTarget: '/bin/busybox' },
    ]);
    expect(await files(image.layers[2]!.digest)).toMatchObject([
      { path: '/etc', change: 'emptied', type: 'directory' },
    ]);
  });

  it('come in batches, and end when nobody wants more', async () => {
    const many = Array.from({ length: 1200 }, (_, index): readonly [string, string] => [`f${index}`, '']);
    const large = await testImage({ layers: [Object.fromEntries(many)] });
    const reference = registry.push('large', '1', large);
    await bench.pull(reference);
    const sizes: number[] = [];
    const query = { image: reference, layer: large.layers[0]!.digest };
    for await (const batch of bench.images.layerFiles(query, context)) sizes.push(batch.length);
    expect(sizes).toEqual([500, 500, 200]);
    for await (const batch of bench.images.layerFiles(query, context)) {
      expect(batch).toHaveLength(500);
      break;
    }
  });

  it('of a layer that the image does not have are not found', async () => {
    await expect(files(image.config.digest)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('of a damaged layer are refused, and a caller that leaves hears so', async () => {
    const damaged = await testImage({ layers: [{ damaged: 'x'.repeat(100_000) }] });
    const reference = registry.push('damaged', '1', damaged);
    await bench.pull(reference);
    const [layer] = damaged.layers;
    const read = async (signal: AbortSignal) => {
      const query = { image: reference, layer: layer!.digest };
      for await (const _ of bench.images.layerFiles(query, { signal }));
    };
    await expect(read(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    await writeFile(bench.content.pathOf(layer!.digest), layer!.bytes.subarray(0, 60));
    await expect(read(context.signal)).rejects.toMatchObject({
      code: 'not-found',
      detail: { step: 'content' },
    });
  });
});

describe('the layers that a file is from', () => {
  it.each([
    ['/usr/lib/long', ['0 present /usr/lib/long']],
    ['etc/passwd', ['2 emptied /etc', '1 present /etc/passwd', '0 present /etc/passwd']],
    ['/etc/motd', ['2 emptied /etc', '1 deleted /etc/motd', '0 present /etc/motd']],
    ['/srv/data/old', ['1 deleted /srv/data', '0 present /srv/data/old']],
    ['/srv/data/new', ['1 present /srv/data/new']],
    ['/etc', ['0 present /etc']],
    ['/nowhere', []],
  ])('of %s', async (path, expected) => {
    expect(await origins(path)).toEqual(expected);
  });
});

describe('the bytes of a file', () => {
  const read = async (layerIndex: number, path: string) => {
    const query = { image: name, layer: image.layers[layerIndex]!.digest, path };
    const pieces: Uint8Array[] = [];
    for await (const piece of bench.images.readFile(query, context)) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  };

  it('are those of the layer that is asked', async () => {
    expect(await read(0, '/etc/passwd')).toBe('root');
    expect(await read(1, 'etc/passwd')).toBe('root and more');
    expect(await read(0, '/usr/lib/long')).toBe('x'.repeat(300_000));
  });

  it('are not found where the layer has none: a deletion, a link to elsewhere, a folder', async () => {
    for (const path of ['/etc/motd', '/bin/sh', '/bin/ash', '/srv/data']) {
      await expect(read(1, path)).rejects.toMatchObject({ code: 'not-found' });
    }
  });
});
