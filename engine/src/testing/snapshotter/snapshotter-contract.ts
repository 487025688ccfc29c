import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../content/index.ts';
import { chainIds, type Digest, MEDIA_TYPES } from '../../oci/index.ts';
import type { LayerSource, Snapshotter } from '../../snapshots/index.ts';
import { testLayer, type TestLayer } from '../registry/test-image.ts';

/** What every snapshotter must do, the fake and the agent alike. `make` gives an empty one. */
export function snapshotterContract(
  name: string,
  make: () => Promise<{ readonly snapshotter: Snapshotter } & AsyncDisposable>,
): void {
  describe(`${name}, a snapshotter`, () => {
    let subject: Awaited<ReturnType<typeof make>>;
    let snapshotter: Snapshotter;
    let folder: string;
    let files = 0;
    const signal = new AbortController().signal;

    beforeEach(async () => {
      [subject, folder] = await Promise.all([make(), mkdtemp(join(tmpdir(), 'longshore-layers-'))]);
      snapshotter = subject.snapshotter;
    });

    afterEach(async () => {
      await subject[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    });

    /** Writes the layer to a file, as the lowest one or on top of others. */
    async function source(layer: TestLayer, below: readonly TestLayer[] = []): Promise<LayerSource> {
      const path = join(folder, String(files++));
      await writeFile(path, layer.bytes);
      const chain = chainIds(
        [...below, layer].map(({ diffId }) => diffId),
        digestOf,
      );
      const { digest, size, mediaType, diffId } = layer;
      const chainId: Digest = chain.at(-1) ?? diffId;
      return { chainId, parentChainId: chain.at(-2) ?? null, diffId, digest, size, mediaType, path };
    }

    async function* inSteps(size: number): AsyncGenerator<number> {
      for (let at = 1; at < size; at += Math.ceil(size / 5)) yield at;
      yield size;
    }

    const unpack = (layer: LayerSource) => snapshotter.unpack(layer, inSteps(layer.size), { signal });

    async function listed(): Promise<readonly Digest[]> {
      return (await snapshotter.list()).map(({ chainId }) => chainId).sort();
    }

    it('unpacks a layer while its file grows, and says how far it is', async () => {
      const layer = await source(await testLayer({ 'etc/': '', 'etc/name': 'x'.repeat(5000) }));
      const progress: number[] = [];
      const onProgress = (bytes: number): number => progress.push(bytes);
      const unpacked = await snapshotter.unpack(layer, inSteps(layer.size), { signal, onProgress });
      expect(unpacked).toMatchObject({ entries: 2, existed: false });
      expect(unpacked.usageBytes).toBeGreaterThanOrEqual(5000);
      expect(progress).toEqual([...progress].sort((a, b) => a - b));
      expect(await listed()).toEqual([layer.chainId]);
    });

    it('takes layers that are not compressed', async () => {
      const layer = await source(await testLayer({ a: 'b' }, MEDIA_TYPES.ociLayer));
      expect(await unpack(layer)).toMatchObject({ existed: false });
    });

    it('does nothing for a layer that is there', async () => {
      const layer = await source(await testLayer({ a: 'b' }));
      const { usageBytes } = await unpack(layer);
      const again = await unpack({ ...layer, path: join(folder, 'nothing') });
      expect(again).toEqual({ usageBytes, entries: 0, existed: true });
    });

    it('unpacks the layers of an image side by side, in any order of arrival', async () => {
      const [lower, upper] = await Promise.all([testLayer({ a: '1' }), testLayer({ b: '2' })]);
      const [below, above] = await Promise.all([source(lower), source(upper, [lower])]);
      await Promise.all([unpack(above), unpack(below)]);
      expect(await listed()).toEqual([below.chainId, above.chainId].sort());
    });

    it.each<[string, (layer: LayerSource) => Partial<LayerSource>]>([
      ['digest', () => ({ digest: digestOf('other') })],
      ['diff-id', () => ({ diffId: digestOf('other'), chainId: digestOf('other') })],
      ['chain-id', () => ({ chainId: digestOf('other') })],
    ])('refuses another %s, and keeps nothing', async (step, change) => {
      const layer = await source(await testLayer({ a: 'b' }));
      await expect(unpack({ ...layer, ...change(layer) })).rejects.toMatchObject({
        code: 'invalid-argument',
        detail: { step },
      });
      expect(await listed()).toEqual([]);
    });

    it('ends with an abort, and keeps nothing', async () => {
      const layer = await source(await testLayer({ a: 'x'.repeat(5000) }));
      const abort = new AbortController();
      async function* never(): AsyncGenerator<number> {
        yield 10;
        abort.abort();
        await new Promise(() => undefined);
      }
      const unpacking = snapshotter.unpack(layer, never(), { signal: abort.signal });
      await expect(unpacking).rejects.toMatchObject({ code: 'cancelled' });
      expect(await listed()).toEqual([]);
    });

    it('fails when its source does, and keeps nothing', async () => {
      const layer = await source(await testLayer({ a: 'x'.repeat(5000) }));
      async function* broken(): AsyncGenerator<number> {
        yield 10;
        throw new Error('The source is gone.');
      }
      await expect(snapshotter.unpack(layer, broken(), { signal })).rejects.toThrow();
      expect(await listed()).toEqual([]);
    });

    it('removes layers, but never one that another stands on', async () => {
      const [lower, upper] = await Promise.all([testLayer({ a: '1' }), testLayer({ b: '2' })]);
      const [below, above] = await Promise.all([source(lower), source(upper, [lower])]);
      await unpack(below);
      await unpack(above);
      await expect(snapshotter.remove([below.chainId])).rejects.toMatchObject({ code: 'conflict' });
      expect((await snapshotter.remove([above.chainId, digestOf('unknown')])).freedBytes).toBeGreaterThan(0);
      await snapshotter.remove([below.chainId]);
      expect(await listed()).toEqual([]);
    });
  });
}
