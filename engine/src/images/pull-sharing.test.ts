import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineError } from '../errors/index.ts';
import { ImagesBench } from '../testing/images/images-bench.ts';
import { testImage, type TestImage } from '../testing/registry/test-image.ts';
import { TestRegistry } from '../testing/registry/test-registry.ts';
import type { PullProgress } from '../types/index.ts';

let bench: ImagesBench;
let registry: TestRegistry;
let release: () => void;
let released: Promise<void>;
let image: TestImage;
let reference: string;

/** An image whose only layer stops half-way until `release`. */
beforeEach(async () => {
  [bench, registry] = await Promise.all([ImagesBench.open(), TestRegistry.start()]);
  released = new Promise((resolve) => (release = resolve));
  image = await testImage({ layers: [{ a: 'a layer', b: 'with two files' }] });
  reference = registry.push('app', '1', image);
  registry.faults.add({
    path: image.layers[0]!.digest,
    fault: { kind: 'stall', afterBytes: 20, until: released },
    times: 1,
  });
});

afterEach(async () => {
  release();
  await registry[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

interface StartedPull {
  readonly cancel: AbortController;
  readonly result: Promise<readonly PullProgress[]>;
  /** The first bytes of the layer have arrived. */
  readonly underWay: Promise<void>;
}

function start(options: { readonly background?: boolean } = {}): StartedPull {
  const cancel = new AbortController();
  let arrived = (): void => undefined;
  const underWay = new Promise<void>((resolve) => (arrived = resolve));
  const onProgress = (progress: PullProgress): void => {
    if (progress.stage === 'pulling' && progress.layers.some((layer) => layer.downloadedBytes > 0)) arrived();
  };
  const result = bench.pull(reference, { ...options, signal: cancel.signal, onProgress });
  result.catch(() => undefined);
  return { cancel, result, underWay };
}

describe('two pulls that need the same layer', () => {
  it('share one download', async () => {
    const first = start();
    await first.underWay;
    const second = start();
    await second.underWay;
    release();
    await Promise.all([first.result, second.result]);
    expect(registry.count(image.layers[0]!.digest)).toBe(1);
    expect(bench.snapshotter.requests).toHaveLength(1);
  });

  it('go on when one of them is cancelled, whichever began', async () => {
    const first = start();
    await first.underWay;
    const second = start();
    await second.underWay;
    first.cancel.abort();
    await expect(first.result).rejects.toMatchObject({ code: 'cancelled' });
    release();
    expect((await second.result).at(-1)).toMatchObject({ stage: 'done' });
    expect(registry.count(image.layers[0]!.digest)).toBe(1);
  });

  it('end when the last one is cancelled, and keep what arrived', async () => {
    const first = start();
    await first.underWay;
    first.cancel.abort();
    await expect(first.result).rejects.toMatchObject({ code: 'cancelled' });
    expect(await bench.images.list()).toEqual([]);
    expect(await readdir(bench.folder.ingestDirectory)).toHaveLength(1);
    await bench.pull(reference);
    expect(registry.requests.at(-1)?.headers.range).toBe('bytes=20-');
    expect(await readdir(bench.folder.ingestDirectory)).toEqual([]);
  });

  it('do not fail by the means of the other one', async () => {
    const first = start();
    await first.underWay;
    const second = start();
    await second.underWay;
    bench.snapshotter.failNext(new EngineError('internal', 'The agent had an accident.'));
    release();
    await expect(first.result).rejects.toMatchObject({ code: 'internal' });
    expect((await second.result).at(-1)).toMatchObject({ stage: 'done' });
  });
});

describe('a pull in the background', () => {
  it('goes on when its watcher has left', async () => {
    const pull = start({ background: true });
    await pull.underWay;
    pull.cancel.abort();
    await expect(pull.result).rejects.toMatchObject({ code: 'cancelled' });
    const pulled = bench.events.watch({ types: ['image'] });
    release();
    expect(await pulled.next()).toMatchObject({ value: { action: 'pull', reference } });
    expect((await bench.images.list()).map(({ id }) => id)).toEqual([image.config.digest]);
  });

  it('ends when its task is cancelled', async () => {
    const pull = start({ background: true });
    await pull.underWay;
    bench.taskAbort.abort();
    await expect(pull.result).rejects.toMatchObject({ code: 'cancelled' });
    expect(await bench.images.list()).toEqual([]);
  });
});

describe('garbage collection', () => {
  it('takes nothing from a pull that is under way', async () => {
    const pull = start();
    await pull.underWay;
    await bench.images.collectGarbage();
    release();
    await pull.result;
    expect(await bench.content.has(image.config)).toBe(true);
    expect(await bench.content.has(image.manifest)).toBe(true);
  });
});
