import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../content/index.ts';
import { EngineError } from '../../errors/index.ts';
import { ImagesBench } from '../../testing/images/images-bench.ts';
import { testImage, testLayer, TestRegistry } from '../../testing/index.ts';
import type { CommitOrder } from './committer.ts';

let registry: TestRegistry;
let bench: ImagesBench;
let baseId: string;

const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

const { signal } = new AbortController();

beforeEach(async () => {
  registry = await TestRegistry.start();
  bench = await ImagesBench.open();
  baseId = await pull('docker');
});
afterEach(async () => {
  await bench[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

async function pull(format: 'oci' | 'docker'): Promise<string> {
  const config = { Env: ['PATH=/bin'], Cmd: ['sh'], ExposedPorts: { '80/tcp': {} } };
  const image = await testImage({ layers: [{ 'etc/base': 'base' }], config, format });
  await bench.pull(registry.push('app', 'base', image));
  return image.config.digest;
}

async function* pieces(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
}

const archive = async () => gunzipSync((await testLayer({ 'etc/new': 'new' })).bytes);

const order = async (more: Partial<CommitOrder> = {}): Promise<CommitOrder> => ({
  baseImageId: baseId,
  run: { Env: ['PATH=/bin', 'A=1'], Cmd: ['serve'], StopSignal: 'SIGTERM', Healthcheck: { Test: ['NONE'] } },
  layer: pieces(await archive()),
  reference: 'mine:1',
  message: 'what I did',
  author: 'me',
  createdBy: 'serve',
  changes: [],
  ...more,
});

const filesIn = (digest: string) =>
  readFile(join(bench.folder.contentDirectory, 'blobs/sha256', digest.slice('sha256:'.length)));

describe('a commit', () => {
  it('puts the layer on those of the base, and what the container was told over what the base says', async () => {
    const tar = await archive();
    const { id, reference } = await bench.images.commit(await order({ changes: ['USER app'] }), signal);
    expect(reference).toBe('mine:1');
    const details = await bench.images.inspect({ image: 'mine:1' });
    expect(details).toMatchObject({
      id,
      author: 'me',
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: {
        env: ['PATH=/bin', 'A=1'],
        command: ['serve'],
        user: 'app',
        exposedPorts: ['80/tcp'],
        stopSignal: null,
        healthcheck: null,
      },
    });
    expect(details.layers).toHaveLength(2);
    expect(details.layers[0]?.mediaType).toBe('application/vnd.oci.image.layer.v1.tar+gzip');
    expect(details.layers[1]?.diffId).toBe(digestOf(tar));
    expect(details.history).toHaveLength(2);
    expect(details.history[1]).toMatchObject({ createdBy: 'serve', comment: 'what I did' });
    expect(gunzipSync(await filesIn(details.layers[1]?.digest ?? ''))).toEqual(tar);
  });

  it('can be given to a container at once: its layers are unpacked', async () => {
    const { id } = await bench.images.commit(await order(), signal);
    const { chainIds } = await bench.images.resolve(id);
    const unpacked = (await bench.snapshotter.list()).map(({ chainId }) => chainId);
    expect(unpacked).toEqual(expect.arrayContaining([...chainIds]));
  });

  it('without a name makes an untagged image; with one of another image takes it over', async () => {
    const { id, reference } = await bench.images.commit(await order({ reference: null }), signal);
    expect(reference).toBeNull();
    expect(await bench.images.inspect({ image: id })).toMatchObject({ references: [] });
    const again = await bench.images.commit(await order({ reference: `${registry.host}/app:base` }), signal);
    expect((await bench.images.inspect({ image: again.id })).references).toEqual([
      `${registry.host}/app:base`,
    ]);
    expect((await bench.images.inspect({ image: baseId })).references).toEqual([]);
  });

  it('can be the base of a further commit', async () => {
    const first = await bench.images.commit(await order(), signal);
    const other = gunzipSync((await testLayer({ 'etc/more': 'more' })).bytes);
    const next = await order({ baseImageId: first.id, layer: pieces(other), reference: 'mine:2' });
    await bench.images.commit(next, signal);
    expect((await bench.images.inspect({ image: 'mine:2' })).layers).toHaveLength(3);
  });

  it('tells of the new image and of its name', async () => {
    const events = bench.events.watch({ types: ['image'] }, signal);
    const { id } = await bench.images.commit(await order(), signal);
    expect((await events.next()).value).toMatchObject({ action: 'create', id });
    expect((await events.next()).value).toMatchObject({ action: 'tag', id, reference: 'mine:1' });
  });

  it.each([
    { reference: 'Not A Name' },
    { reference: `mine@sha256:${'1'.repeat(64)}` },
    { changes: ['RUN make'] },
  ])('refuses %j before a byte of the layer is read', async (more) => {
    let read = false;
    const layer = (async function* () {
      read = true;
      yield await archive();
    })();
    await expect(bench.images.commit(await order({ ...more, layer }), signal)).rejects.toMatchObject({
      code: 'invalid-argument',
    });
    expect(read).toBe(false);
  });

  it('leaves nothing of a layer that breaks off', async () => {
    const layer = (async function* () {
      yield await archive();
      throw new EngineError('unavailable', 'The agent has gone.');
    })();
    await expect(bench.images.commit(await order({ layer }), signal)).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(await bench.images.list()).toHaveLength(1);
    await bench.images.collectGarbage();
    expect(await bench.content.list()).toHaveLength(3);
  });

  it('keeps what it stands on from a garbage collection while it is under way', async () => {
    const layer = (async function* () {
      await bench.images.remove({ image: baseId, force: true });
      await bench.images.collectGarbage();
      yield await archive();
    })();
    const { id } = await bench.images.commit(await order({ layer }), signal);
    const { layers } = await bench.images.inspect({ image: id });
    for (const { digest } of layers) expect(await filesIn(digest)).not.toHaveLength(0);
  });

  it('lets go of what it reads before it compresses it', async () => {
    const compressed: boolean[] = [];
    async function* layer() {
      try {
        for (let count = 0; count < 64; count += 1) yield randomBytes(128 * 1024);
      } finally {
        const { ingestDirectory } = bench.folder;
        for (const name of await readdir(ingestDirectory)) {
          const begin = (await readFile(join(ingestDirectory, name))).subarray(0, 2);
          compressed.push(begin.equals(GZIP_MAGIC));
        }
      }
    }
    await bench.images.commit(await order({ layer: layer() }), signal);
    expect(compressed).toEqual([false]);
  });
});
