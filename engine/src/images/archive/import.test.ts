import { readdir } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImagesBench } from '../../testing/images/images-bench.ts';
import { testLayer } from '../../testing/index.ts';

let bench: ImagesBench;
let root: Buffer;

beforeEach(async () => {
  bench = await ImagesBench.open();
  root = gunzipSync((await testLayer({ 'bin/': '', 'bin/sh': 'sh' })).bytes);
});

afterEach(async () => {
  await bench[Symbol.asyncDispose]();
});

type Request = Partial<Parameters<typeof bench.images.import>[0]>;

async function importRoot(bytes: Uint8Array, request: Request = {}) {
  const once = (async function* () {
    await Promise.resolve();
    yield bytes;
  })();
  const order = { name: 'it', message: '', changes: [], ...request };
  const { signal } = new AbortController();
  for await (const progress of bench.images.import(order, once, { signal })) {
    if (progress.stage === 'done') return progress.image;
  }
  throw new Error('Importing ended without its last word.');
}

describe('importing a root file system', () => {
  it('makes an image of one layer, with what was said of it', async () => {
    const image = await importRoot(root, {
      reference: 'mine:1',
      message: 'from my machine',
      changes: ['CMD ["sh"]', 'ENV A=1'],
      platform: { os: 'linux', architecture: 'aarch64' },
    });
    expect(image).toMatchObject({ references: ['mine:1'], platform: { os: 'linux', architecture: 'arm64' } });
    expect(await bench.images.inspect({ image: 'mine:1' })).toMatchObject({
      config: { command: ['sh'], env: ['A=1'] },
      history: [{ comment: 'from my machine', emptyLayer: false }],
    });
  });

  it('gives the same layer, packed or not', async () => {
    const plain = await importRoot(root, { reference: 'plain' });
    const packed = await importRoot(gzipSync(root), { reference: 'packed' });
    const layersOf = async (image: string) => (await bench.images.inspect({ image })).layers;
    expect(await layersOf(plain.id)).toEqual(await layersOf(packed.id));
    expect(plain.platform).toEqual({ os: 'linux', architecture: 'amd64' });
  });

  it('without a name makes an untagged image', async () => {
    expect(await importRoot(root)).toMatchObject({ references: [] });
  });

  it.each<[string, () => Uint8Array, Request]>([
    ['bytes that are cut off', () => gzipSync(root).subarray(0, 60), {}],
    ['instructions that need a build', () => root, { changes: ['RUN make'] }],
    ['a name with a digest', () => root, { reference: `mine@sha256:${'1'.repeat(64)}` }],
  ])('of %s is refused, and leaves nothing', async (_, bytes, request) => {
    await expect(importRoot(bytes(), request)).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(await bench.images.list()).toEqual([]);
    expect(await readdir(bench.folder.ingestDirectory)).toEqual([]);
    expect(await bench.content.list()).toEqual([]);
  });
});
