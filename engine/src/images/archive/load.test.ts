import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadProgress } from '../../types/index.ts';
import { ImagesBench } from '../../testing/images/images-bench.ts';
import {
  blobEntry,
  indexEntry,
  layoutEntries,
  oldDockerEntries,
  testArchive,
} from '../../testing/images/test-archive.ts';
import { type TestImage, testImage, testIndex } from '../../testing/index.ts';

let bench: ImagesBench;
let image: TestImage;

beforeEach(async () => {
  bench = await ImagesBench.open();
  image = await testImage({ layers: [{ a: 'one' }, { b: randomBytes(200_000) }], config: { Cmd: ['sh'] } });
});

afterEach(async () => {
  await bench[Symbol.asyncDispose]();
});

type Request = Omit<Parameters<typeof bench.images.load>[0], 'name'>;

async function* pieces(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000);
}

async function load(bytes: Uint8Array, request: Request = {}) {
  const all: LoadProgress[] = [];
  const signal = new AbortController().signal;
  for await (const progress of bench.images.load({ name: 'it', ...request }, pieces(bytes), { signal }))
    all.push(progress);
  const last = all.at(-1);
  if (last?.stage !== 'done') throw new Error(`Loading ended with ${last?.stage}.`);
  return last.images;
}

const blobs = () => readdir(join(bench.folder.contentDirectory, 'blobs/sha256'));

describe('loading an OCI image layout', () => {
  it('brings the image with its names and its manifest, ready to run', async () => {
    const entries = layoutEntries(
      [indexEntry(image, 'docker.io/team/app:1'), indexEntry(image, 'app')],
      [image],
    );
    const loaded = await load(await testArchive(entries));
    expect(loaded).toMatchObject([
      { image: { id: image.config.digest }, references: ['team/app:1', 'app:latest'] },
    ]);
    expect(await bench.images.inspect({ image: 'app' })).toMatchObject({
      manifestDigest: image.manifest.digest,
      references: ['app:latest', 'team/app:1'],
      repoDigests: [],
      config: { command: ['sh'] },
    });
    const { chainIds } = await bench.images.resolve('app');
    expect((await bench.snapshotter.list()).map(({ chainId }) => chainId).sort()).toEqual(
      [...chainIds].sort(),
    );
    expect(await readdir(bench.folder.ingestDirectory)).toEqual([]);
  });

  it('brings several images, packed by gzip, and one without a name', async () => {
    const other = await testImage({ layers: [{ a: 'one' }, { c: 'three' }] });
    const entries = layoutEntries([indexEntry(image, 'app:1'), indexEntry(other)], [image, other]);
    const loaded = await load(gzipSync(await testArchive(entries)));
    expect(loaded.map(({ references }) => references)).toEqual([['app:1'], []]);
    expect(await bench.images.list()).toHaveLength(2);
    expect(await bench.snapshotter.list()).toHaveLength(3);
  });

  it('takes the image for this machine out of several, or the one that is asked for', async () => {
    const arm = await testImage({ layers: [{ a: 'arm' }], platform: { os: 'linux', architecture: 'arm64' } });
    const index = testIndex([arm, image]);
    const top = [{ ...indexEntry({ ...image, manifest: index }, 'app'), platform: undefined }];
    const archive = await testArchive([...layoutEntries(top, [arm, image]), blobEntry(index)]);
    expect(await load(archive)).toMatchObject([{ image: { id: image.config.digest } }]);
    const platform = { os: 'linux', architecture: 'arm64' };
    expect(await load(archive, { platform })).toMatchObject([{ image: { id: arm.config.digest } }]);
    const error = { code: 'not-found', hint: expect.stringContaining('linux/arm64, linux/amd64') as unknown };
    await expect(load(archive, { platform: { os: 'linux', architecture: 's390x' } })).rejects.toMatchObject(
      error,
    );
  });

  it('takes the only platform that is in the archive of an index of more', async () => {
    const arm = await testImage({ layers: [{ a: 'arm' }], platform: { os: 'linux', architecture: 'arm64' } });
    const index = testIndex([image, arm]);
    const top = [indexEntry({ ...image, manifest: index }, 'app')];
    const archive = await testArchive([...layoutEntries(top, [arm]), blobEntry(index)]);
    expect(await load(archive)).toMatchObject([{ image: { id: arm.config.digest } }]);
  });

  it('again changes nothing but the name; the manifest that it was pulled with stays', async () => {
    await load(await testArchive(layoutEntries([indexEntry(image, 'app:1')], [image])));
    const before = await blobs();
    await load(await testArchive(oldDockerEntries(image, ['app:2'])));
    expect(await bench.images.inspect({ image: 'app:2' })).toMatchObject({
      manifestDigest: image.manifest.digest,
      references: ['app:1', 'app:2'],
    });
    expect(await blobs()).toEqual(before);
  });

  it('tells how much has come, and the layers', async () => {
    const archive = await testArchive(layoutEntries([indexEntry(image, 'app')], [image]));
    const stages: LoadProgress[] = [];
    const { signal } = new AbortController();
    for await (const progress of bench.images.load({ name: 'it' }, pieces(archive), { signal }))
      stages.push(progress);
    expect(stages[0]).toMatchObject({ stage: 'receiving' });
    const events = bench.events.watch({ types: ['image'], since: 0 }, signal);
    expect((await events.next()).value).toMatchObject({ action: 'load', reference: 'app:latest' });
    expect((await events.next()).value).toMatchObject({ action: 'tag', reference: 'app:latest' });
  });
});

describe('loading a Docker archive', () => {
  it('of the old form, with a folder per layer and links between them', async () => {
    const twice = await testImage({ layers: [{ a: 'same' }, { b: 'other' }, { a: 'same' }] });
    const loaded = await load(await testArchive(oldDockerEntries(twice, ['app:1', 'registry.test/app:2'])));
    expect(loaded).toMatchObject([
      { image: { id: twice.config.digest }, references: ['app:1', 'registry.test/app:2'] },
    ]);
    const { layers } = await bench.images.inspect({ image: 'app:1' });
    expect(layers.map(({ digest }) => digest)).toEqual(twice.layers.map(({ diffId }) => diffId));
    expect(layers[0]?.mediaType).toBe('application/vnd.oci.image.layer.v1.tar');
  });

  it('with packed layers, whose bytes stay as they are', async () => {
    const [layer] = image.layers;
    const one = await testImage({ layers: [{ a: 'one' }] });
    expect(one.layers[0]?.digest).toBe(layer?.digest);
    const archive = await testArchive([
      ['config', one.config.bytes],
      ['x.tar.gz', one.layers[0]?.bytes ?? ''],
      ['manifest.json', JSON.stringify([{ Config: 'config', RepoTags: null, Layers: ['x.tar.gz'] }])],
    ]);
    const [loaded] = await load(archive);
    expect(loaded).toMatchObject({ references: [], image: { id: one.config.digest, references: [] } });
    const details = await bench.images.inspect({ image: one.config.digest });
    expect(details.layers).toMatchObject([
      { digest: layer?.digest, mediaType: expect.stringContaining('gzip') as unknown },
    ]);
  });
});

describe('a load that is left', () => {
  it('leaves nothing', async () => {
    const archive = await testArchive(layoutEntries([indexEntry(image, 'app')], [image]));
    const abort = new AbortController();
    const endless = (async function* () {
      yield archive.subarray(0, 100_000);
      abort.abort();
      yield archive.subarray(100_000);
    })();
    const read = async () => {
      for await (const _ of bench.images.load({ name: 'it' }, endless, abort));
    };
    await expect(read()).rejects.toMatchObject({ code: 'cancelled' });
    expect(await readdir(bench.folder.ingestDirectory)).toEqual([]);
    expect(await blobs()).toEqual([]);
    expect(await bench.images.list()).toEqual([]);
  });
});
