import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { digestOf } from '../../content/index.ts';
import { MEDIA_TYPES } from '../../oci/index.ts';
import { ImagesBench } from '../../testing/images/images-bench.ts';
import { type ArchiveEntries, testArchive } from '../../testing/images/test-archive.ts';
import { stored, testImage, type TestLayer, TestRegistry } from '../../testing/index.ts';
import type { ImageFileDifference } from '../../types/index.ts';

let bench: ImagesBench;
let registry: TestRegistry;
let before: string;
let after: string;

const BASE: ArchiveEntries = [
  ['etc/', { type: 'directory', mode: 0o755 }],
  ['etc/passwd', 'root'],
  ['etc/same', 'same'],
  ['opt/tool/bin', 'tool'],
  ['opt/tool/doc', 'doc'],
  ['srv/old', 'old'],
];
const BEFORE: ArchiveEntries = [
  ['etc/passwd', 'some'],
  ['bin/busybox', 'program'],
  ['bin/sh', { type: 'symlink', linkname: 'busybox' }],
];
const AFTER: ArchiveEntries = [
  ['etc/passwd', 'more'],
  ['etc/same', 'same'],
  ['opt/.wh.tool', ''],
  ['srv/.wh..wh..opq', ''],
  ['srv/new', 'new'],
  ['bin/busybox', 'program'],
  ['bin/sh', { type: 'symlink', linkname: 'dash' }],
  ['bin/ash', { type: 'link', linkname: 'bin/busybox' }],
];

async function layerOf(entries: ArchiveEntries): Promise<TestLayer> {
  const archive = await testArchive(entries);
  return { ...stored(MEDIA_TYPES.ociLayerGzip, gzipSync(archive)), diffId: digestOf(archive) };
}

async function pulled(name: string, archives: readonly ArchiveEntries[]): Promise<string> {
  const layers = await Promise.all(archives.map(layerOf));
  const image = await testImage({
    layers: [],
    editConfig: (config) => ({
      ...config,
      rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    }),
    editManifest: (manifest) => ({
      ...manifest,
      layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
    }),
  });
  const reference = registry.push(name, '1', { ...image, layers });
  await bench.pull(reference);
  return reference;
}

beforeAll(async () => {
  [bench, registry] = await Promise.all([ImagesBench.open(), TestRegistry.start()]);
  before = await pulled('before', [BASE, BEFORE]);
  after = await pulled('after', [BASE, AFTER]);
});

afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

async function diff(image: string, other: string): Promise<readonly ImageFileDifference[]> {
  const all: ImageFileDifference[] = [];
  const { signal } = new AbortController();
  for await (const batch of bench.images.diff({ image, other }, { signal })) all.push(...batch);
  return all;
}

const words = (differences: readonly ImageFileDifference[]) =>
  differences.map(({ path, change }) => `${change} ${path}`);

it('two images differ in what is in a file, not in who wrote it when', async () => {
  expect(words(await diff(before, after))).toEqual([
    'added /bin/ash',
    'changed /bin/sh',
    'changed /etc/passwd',
    'removed /opt/tool/bin',
    'removed /opt/tool/doc',
    'added /srv/new',
    'removed /srv/old',
  ]);
});

it('each difference tells both sides; a further name of a file is that file', async () => {
  const found = await diff(before, after);
  expect(found.find(({ path }) => path === '/bin/ash')).toMatchObject({
    before: null,
    after: { type: 'file', sizeBytes: 7, linkTarget: null },
  });
  expect(found.find(({ path }) => path === '/bin/sh')).toMatchObject({
    before: { type: 'link', linkTarget: 'busybox' },
    after: { type: 'link', linkTarget: 'dash' },
  });
});

it('the other way round what was added is removed, and an image does not differ from itself', async () => {
  const there = words(await diff(before, after));
  const turned = { added: 'removed', changed: 'changed', removed: 'added' };
  const back = (await diff(after, before)).map(({ path, change }) => `${turned[change]} ${path}`);
  expect(back).toEqual(there);
  expect(await diff(before, before)).toEqual([]);
});

it('an image that is not there is not found', async () => {
  await expect(diff(before, 'nowhere')).rejects.toMatchObject({ code: 'not-found' });
});
