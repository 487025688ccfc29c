import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestHex, MEDIA_TYPES } from '../../oci/index.ts';
import { ImagesBench } from '../../testing/images/images-bench.ts';
import {
  type ArchiveEntries,
  blobEntry,
  indexEntry,
  layoutEntries,
  madeUp,
  oldDockerEntries,
  testArchive,
} from '../../testing/images/test-archive.ts';
import { stored, type TestImage, testImage } from '../../testing/index.ts';
import { tarHeader } from './tar-header.ts';

let bench: ImagesBench;
let image: TestImage;

beforeAll(async () => {
  bench = await ImagesBench.open();
  image = await testImage({ layers: [{ a: 'one' }, { b: randomBytes(100_000) }] });
});

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

async function load(bytes: Uint8Array): Promise<void> {
  const once = (async function* () {
    await Promise.resolve();
    yield bytes;
  })();
  for await (const _ of bench.images.load({ name: 'it' }, once, { signal: new AbortController().signal }));
}

const good = (): ArchiveEntries => layoutEntries([indexEntry(image, 'app')], [image]);
const layerName = () => `blobs/sha256/${digestHex(image.layers[1]?.digest ?? image.config.digest)}`;

const without = (entries: ArchiveEntries, name: string) => entries.filter(([other]) => other !== name);

const replaced = (entries: ArchiveEntries, name: string, content: string | Uint8Array): ArchiveEntries =>
  entries.map(([other, entry]) => [other, other === name ? content : entry]);

/** An image whose manifest says something else. */
const edited = (edit: (manifest: Record<string, unknown>) => Record<string, unknown>) => async () => {
  const other = await testImage({ layers: [{ a: 'one' }], editManifest: edit });
  return layoutEntries([indexEntry(other, 'app')], [other]);
};

const nested = (): ArchiveEntries => {
  let inner = image.manifest;
  for (let depth = 0; depth < 5; depth += 1) {
    const { mediaType, digest, size } = inner;
    const platform = { os: 'linux', architecture: 'amd64' };
    const manifests = [{ mediaType, digest, size, platform }];
    inner = madeUp(MEDIA_TYPES.ociIndex, {
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.ociIndex,
      manifests,
      depth,
    });
    blobs.push(inner);
  }
  return [
    ...layoutEntries([indexEntry({ ...image, manifest: inner }, 'app')], [image]),
    ...blobs.map(blobEntry),
  ];
};
const blobs: TestImage['manifest'][] = [];

const HOSTILE: Readonly<
  Record<string, readonly [step: string, () => ArchiveEntries | Promise<ArchiveEntries>]>
> = {
  'a name that leads out': ['entry', () => [...good(), ['../../etc/passwd', 'x']]],
  'an absolute name': ['entry', () => [...good(), ['/etc/passwd', 'x']]],
  'a name twice': ['entry', () => [...good(), ['index.json', '{}']]],
  'a device': ['entry', () => [...good(), ['null', { type: 'character-device' }]]],
  'a pipe': ['entry', () => [...good(), ['pipe', { type: 'fifo' }]]],
  'a very long name': ['entry', () => [...good(), ['x'.repeat(5000), 'x']]],
  'a link that leads out': [
    'entry',
    () => [
      ...without(good(), layerName()),
      [layerName(), { type: 'symlink', linkname: '../../../../etc/passwd' }],
    ],
  ],
  'an absolute link': [
    'entry',
    () => [...without(good(), layerName()), [layerName(), { type: 'symlink', linkname: '/etc/passwd' }]],
  ],
  'a link to itself': [
    'entry',
    () => [...without(good(), 'index.json'), ['index.json', { type: 'symlink', linkname: 'index.json' }]],
  ],
  'a hard link that leads out': [
    'entry',
    () => [...without(good(), layerName()), [layerName(), { type: 'link', linkname: '../x' }]],
  ],
  'other bytes in a layer': [
    'digest',
    () => replaced(good(), layerName(), Buffer.alloc(image.layers[1]?.size ?? 0, 7)),
  ],
  'another size of a layer': ['size', () => replaced(good(), layerName(), 'short')],
  'a missing layer': ['content', () => without(good(), layerName())],
  'a missing config': ['content', () => without(good(), blobEntry(image.config)[0])],
  'an index that is none': ['manifest', () => replaced(good(), 'index.json', '[]')],
  'an index that is no JSON': ['manifest', () => replaced(good(), 'index.json', '{')],
  'a huge index': ['manifest', () => replaced(good(), 'index.json', ' '.repeat(5 * 1024 * 1024))],
  'nested indexes': ['manifest', nested],
  'a name that is none': ['reference', () => layoutEntries([indexEntry(image, 'Not A Name')], [image])],
  'an artifact': [
    'manifest',
    edited((manifest) => ({
      ...manifest,
      config: { ...(manifest['config'] as object), mediaType: 'application/vnd.example+json' },
    })),
  ],
  'more layers than the config has': [
    'config',
    edited((manifest) => ({
      ...manifest,
      layers: [...(manifest['layers'] as object[]), (manifest['layers'] as object[])[0]],
    })),
  ],
  'a layer that is not what the config says': [
    'diff-id',
    async () => {
      const other = await testImage({
        layers: [{ a: 'one' }],
        editConfig: (config) => ({
          ...config,
          rootfs: { type: 'layers', diff_ids: [image.layers[0]?.digest] },
        }),
      });
      return layoutEntries([indexEntry(other, 'app')], [other]);
    },
  ],
  'a Docker config with other bytes than its name': [
    'digest',
    () => replaced(oldDockerEntries(image, ['app']), `${digestHex(image.config.digest)}.json`, '{}'),
  ],
  'a Docker layer with other bytes': [
    'diff-id',
    () => replaced(oldDockerEntries(image, ['app']), `${'0'.repeat(63)}1/layer.tar`, 'x'.repeat(512)),
  ],
  'a Docker archive without a layer': [
    'content',
    () => without(oldDockerEntries(image, ['app']), `${'0'.repeat(63)}1/layer.tar`),
  ],
  'a layer packed by xz': [
    'decompress',
    () =>
      replaced(
        oldDockerEntries(image, ['app']),
        `${'0'.repeat(63)}1/layer.tar`,
        Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0]),
      ),
  ],
  'two documents that speak of different images': [
    'manifest',
    async () => {
      const other = await testImage({ layers: [{ z: 'other' }] });
      return [...good(), ...oldDockerEntries(other, ['app'])];
    },
  ],
  'files that are no image': ['manifest', () => [['etc/passwd', 'root:x:0:0']]],
  'no file at all': ['manifest', () => []],
  'an archive of the first dockers': ['manifest', () => [['repositories', '{}']]],
};

async function refuses(bytes: Uint8Array, step: string): Promise<void> {
  await expect(load(bytes)).rejects.toMatchObject({ detail: { step } });
  expect(await readdir(bench.folder.ingestDirectory)).toEqual([]);
  expect(await readdir(join(bench.folder.contentDirectory, 'blobs/sha256'))).toEqual([]);
  expect(await bench.snapshotter.list()).toEqual([]);
  expect(await bench.images.list()).toEqual([]);
}

describe('an archive is refused, and nothing of it stays:', () => {
  it.each(Object.entries(HOSTILE))('%s', async (_, [step, entries]) => {
    await refuses(await testArchive(await entries()), step);
  });

  it('one that is cut off, plain or packed', async () => {
    const archive = await testArchive(good());
    await refuses(archive.subarray(0, 60_000), 'tar');
    await refuses(gzipSync(archive).subarray(0, 60_000), 'decompress');
  });

  it('bytes that are no archive, and none at all', async () => {
    await refuses(randomBytes(100_000).fill(9, 0, 1), 'tar');
    await refuses(Buffer.alloc(0), 'manifest');
  });

  it('a header that says it is of many gigabytes', async () => {
    const header = (await testArchive([['x', { type: 'pax-header' as never, size: 8e9 }]])).subarray(0, 512);
    await refuses(Buffer.concat([header, Buffer.alloc(100_000)]), 'tar');
  });

  it('a file that does not fit on the disk, before it is written', async () => {
    const header = tarHeader({ name: 'x', type: 'file', size: 2 ** 33 - 1 });
    const free = bench.content.freeBytes;
    bench.content.freeBytes = () => Promise.resolve(2 ** 32);
    try {
      await refuses(Buffer.concat([header, Buffer.alloc(100_000)]), 'space');
    } finally {
      bench.content.freeBytes = free;
    }
  });

  it('with one good image and one bad one: neither is there', async () => {
    const bad = await testImage({
      layers: [{ bad: 'bad' }],
      editConfig: (config) => ({
        ...config,
        rootfs: { type: 'layers', diff_ids: [stored('', Buffer.from('x')).digest] },
      }),
    });
    const entries = layoutEntries([indexEntry(image, 'app'), indexEntry(bad, 'bad')], [image, bad]);
    await refuses(await testArchive(entries), 'diff-id');
  });
});
