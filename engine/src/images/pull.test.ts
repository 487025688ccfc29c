import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../content/index.ts';
import { digestHex } from '../oci/index.ts';
import { ImagesBench } from '../testing/images/images-bench.ts';
import { testImage, testIndex, testLayer, type TestImage } from '../testing/registry/test-image.ts';
import { TestRegistry } from '../testing/registry/test-registry.ts';
import type { LayerProgress, PullProgress } from '../types/index.ts';

let bench: ImagesBench;
let registry: TestRegistry;

beforeEach(async () => {
  [bench, registry] = await Promise.all([ImagesBench.open(), TestRegistry.start()]);
});

afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

/** Compressible to about `size`: random enough that gzip cannot shrink it much. */
function noise(size: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(size);
  let state = seed;
  for (let index = 0; index < size; index++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

function threeLayers(): Promise<TestImage> {
  return testImage({
    layers: [{ 'bin/': '', 'bin/app': 'one' }, { 'etc/two': noise(200_000) }, { three: 'three' }],
    config: { Entrypoint: ['/bin/app'], Env: ['A=1'], Labels: { maker: 'test' } },
  });
}

async function ingestFiles(): Promise<readonly string[]> {
  return readdir(bench.folder.ingestDirectory);
}

async function blobNames(): Promise<readonly string[]> {
  return readdir(join(bench.folder.contentDirectory, 'blobs', 'sha256'));
}

function layersOf(progress: PullProgress | undefined): readonly LayerProgress[] {
  return progress?.stage === 'pulling' ? progress.layers : [];
}

describe('pulling an image', () => {
  it('stores its blobs, unpacks its layers and gives it its name', async () => {
    const image = await threeLayers();
    const reference = registry.push('team/app', '1.0', image);
    const progress = await bench.pull(reference);
    expect(progress.at(-1)).toMatchObject({
      stage: 'done',
      reference,
      manifestDigest: image.manifest.digest,
      upToDate: false,
      image: { id: image.config.digest, references: [reference], labels: { maker: 'test' } },
    });
    expect([...(await blobNames())].sort()).toEqual(
      [image.manifest, image.config, ...image.layers].map(({ digest }) => digestHex(digest)).sort(),
    );
    expect(await ingestFiles()).toEqual([]);
    expect((await bench.snapshotter.list()).length).toBe(3);
    const resolved = await bench.images.resolve(reference);
    expect(resolved).toMatchObject({
      id: image.config.digest,
      reference,
      platform: 'linux/amd64',
      config: { entrypoint: ['/bin/app'], env: ['A=1'] },
    });
    expect(resolved.chainIds[0]).toBe(image.layers[0]!.diffId);
  });

  it('fetches nothing a second time', async () => {
    const reference = registry.push('app', 'latest', await threeLayers());
    await bench.pull(reference);
    const before = registry.count('/blobs/');
    expect((await bench.pull(reference)).at(-1)).toMatchObject({ stage: 'done', upToDate: true });
    expect(registry.count('/blobs/')).toBe(before);
  });

  it('takes the manifest of this platform out of an index, and remembers the digest it was pulled as', async () => {
    const other = await testImage({
      layers: [{ a: 'arm' }],
      platform: { os: 'linux', architecture: 'arm64' },
    });
    const mine = await testImage({ layers: [{ a: 'amd' }] });
    registry.push('multi', 'x', other);
    registry.push('multi', 'x', mine);
    const index = testIndex([other, mine]);
    registry.pushManifest('multi', 'x', index);
    const done = (await bench.pull(`${registry.host}/multi:x`)).at(-1);
    expect(done).toMatchObject({
      image: { id: mine.config.digest, repoDigests: [`${registry.host}/multi@${index.digest}`] },
    });
    const byDigest = await bench.pull(`${registry.host}/multi@${index.digest}`);
    expect(byDigest.at(-1)).toMatchObject({ upToDate: true });
  });

  it('refuses an image that is made for other machines, and names those', async () => {
    const other = await testImage({ layers: [{ a: 'x' }], platform: { os: 'linux', architecture: 's390x' } });
    registry.push('big', '1', other);
    registry.pushManifest('big', '1', testIndex([other]));
    await expect(bench.pull(`${registry.host}/big:1`)).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('linux/s390x') as string,
    });
  });

  it('reads images in the format of Docker', async () => {
    const image = await testImage({ layers: [{ a: 'docker' }], format: 'docker' });
    const done = (await bench.pull(registry.push('docker', '1', image))).at(-1);
    expect(done).toMatchObject({ stage: 'done', image: { id: image.config.digest } });
  });

  it('shows each layer from waiting to done', async () => {
    const image = await threeLayers();
    const stages = new Set<string>();
    const progress = await bench.pull(registry.push('app', '1', image));
    for (const layer of progress.flatMap(layersOf)) stages.add(layer.stage);
    expect(stages).toContain('downloading');
    expect(layersOf(progress.at(-2)).every(({ stage }) => stage === 'done')).toBe(true);
  });

  it('unpacks a layer that occurs twice in one image', async () => {
    const image = await testImage({ layers: [{ same: 'x' }, { other: 'y' }, { same: 'x' }] });
    await bench.pull(registry.push('twice', '1', image));
    expect((await bench.snapshotter.list()).length).toBe(3);
    expect(registry.count(image.layers[0]!.digest)).toBe(1);
  });

  it('moves a tag to the new image and leaves the old one without a name', async () => {
    const before = await testImage({ layers: [{ v: '1' }] });
    const after = await testImage({ layers: [{ v: '2' }] });
    const reference = registry.push('app', 'latest', before);
    await bench.pull(reference);
    registry.push('app', 'latest', after);
    await bench.pull(reference);
    const images = await bench.images.list();
    expect(images.map(({ id, references }) => ({ id, references }))).toEqual([
      { id: after.config.digest, references: [reference] },
      { id: before.config.digest, references: [] },
    ]);
  });
});

describe('content that is not what was promised', () => {
  async function expectNothingLanded(): Promise<void> {
    expect(await bench.images.list()).toEqual([]);
    expect(await ingestFiles()).toEqual([]);
    await expect(bench.images.inspect({ image: `${registry.host}/app:1` })).rejects.toMatchObject({
      code: 'not-found',
    });
  }

  it('lands nowhere when a layer has the wrong bytes', async () => {
    const image = await testImage({ layers: [{ a: noise(5000) }] });
    const reference = registry.push('app', '1', image);
    registry.faults.add({ path: image.layers[0]!.digest, fault: { kind: 'corrupt' } });
    await expect(bench.pull(reference)).rejects.toMatchObject({ code: 'invalid-argument' });
    await expectNothingLanded();
    expect(await blobNames()).not.toContain(digestHex(image.layers[0]!.digest));
  });

  it('lands nowhere when a layer is shorter than it says, after a bounded number of attempts', async () => {
    const image = await testImage({ layers: [{ a: noise(5000) }] });
    const reference = registry.push('app', '1', image);
    registry.faults.add({ path: image.layers[0]!.digest, fault: { kind: 'truncate', bytes: 0 } });
    await expect(bench.pull(reference)).rejects.toMatchObject({
      code: 'unavailable',
      detail: { step: 'size' },
    });
    await expectNothingLanded();
    expect(registry.count(image.layers[0]!.digest)).toBeLessThanOrEqual(12);
  });

  it('lands nowhere when a layer is longer than it says', async () => {
    const image = await testImage({ layers: [{ a: noise(5000) }] });
    const reference = registry.push('app', '1', image);
    registry.faults.add({ path: image.layers[0]!.digest, fault: { kind: 'pad', bytes: 1000 } });
    await expect(bench.pull(reference)).rejects.toMatchObject({
      code: 'invalid-argument',
      detail: { step: 'size' },
    });
    await expectNothingLanded();
  });

  it('lands nowhere when the DiffID is another', async () => {
    const other = await testLayer({ b: 'other' });
    const image = await testImage({
      layers: [{ a: 'a' }],
      editConfig: (config) => ({ ...config, rootfs: { type: 'layers', diff_ids: [other.diffId] } }),
    });
    const reference = registry.push('app', '1', image);
    await expect(bench.pull(reference)).rejects.toMatchObject({
      code: 'invalid-argument',
      detail: { step: 'diff-id' },
    });
    await expectNothingLanded();
  });

  it('lands nowhere when the manifest is not the one that was asked for by digest', async () => {
    const image = await testImage({ layers: [{ a: 'a' }] });
    registry.push('app', '1', image);
    registry.faults.add({ path: '/manifests/', fault: { kind: 'corrupt' } });
    await expect(bench.pull(`${registry.host}/app@${image.manifest.digest}`)).rejects.toMatchObject({
      code: 'invalid-argument',
      detail: { step: 'digest' },
    });
    await expectNothingLanded();
  });

  it('lands nowhere when the config is another', async () => {
    const image = await testImage({ layers: [{ a: 'a' }] });
    const reference = registry.push('app', '1', image);
    registry.faults.add({ path: image.config.digest, fault: { kind: 'corrupt' } });
    await expect(bench.pull(reference)).rejects.toMatchObject({ code: 'invalid-argument' });
    await expectNothingLanded();
  });

  it('is refused when the manifest has more layers than the config knows', async () => {
    const image = await testImage({
      layers: [{ a: 'a' }, { b: 'b' }],
      editConfig: (config) => ({ ...config, rootfs: { type: 'layers', diff_ids: [] } }),
    });
    await expect(bench.pull(registry.push('app', '1', image))).rejects.toMatchObject({
      code: 'invalid-argument',
      detail: { step: 'config' },
    });
    await expectNothingLanded();
  });
});

describe('a download that is cut', () => {
  it('goes on where it was, within one pull', async () => {
    const image = await testImage({ layers: [{ a: noise(300_000) }] });
    const layer = image.layers[0]!;
    const reference = registry.push('app', '1', image);
    registry.faults.add({ path: layer.digest, fault: { kind: 'cut', afterBytes: 60_000 }, times: 3 });
    await bench.pull(reference);
    const ranges = registry.requests
      .filter(({ path }) => path.includes(layer.digest))
      .map(({ headers }) => headers.range);
    expect(ranges[0]).toBeUndefined();
    expect(ranges.slice(1).every((range) => /^bytes=[1-9]\d*-$/.test(range ?? ''))).toBe(true);
  });

  it('goes on where it was after the engine was killed', async () => {
    const image = await testImage({ layers: [{ a: noise(300_000) }] });
    const layer = image.layers[0]!;
    const reference = registry.push('app', '1', image);
    const part = join(bench.folder.ingestDirectory, `${digestHex(layer.digest)}.part`);
    await writeFile(part, layer.bytes.subarray(0, 100_000));
    await bench.restart();
    await bench.pull(reference);
    const request = registry.requests.find(({ path }) => path.includes(layer.digest));
    expect(request?.headers.range).toBe('bytes=100000-');
    expect(digestOf(await readFile(bench.content.pathOf(layer.digest)))).toBe(layer.digest);
  });

  it('begins again when what was left of it is damaged', async () => {
    const image = await testImage({ layers: [{ a: noise(300_000) }] });
    const layer = image.layers[0]!;
    const reference = registry.push('app', '1', image);
    const part = join(bench.folder.ingestDirectory, `${digestHex(layer.digest)}.part`);
    await writeFile(part, new Uint8Array(100_000));
    await bench.pull(reference);
    expect(digestOf(await readFile(bench.content.pathOf(layer.digest)))).toBe(layer.digest);
  });

  it('succeeds as well with a registry that cannot send a part', async () => {
    const image = await testImage({ layers: [{ a: noise(300_000) }] });
    const layer = image.layers[0]!;
    const reference = registry.push('app', '1', image);
    registry.faults.add({ path: layer.digest, fault: { kind: 'cut', afterBytes: 60_000 }, times: 1 });
    registry.faults.add({ path: layer.digest, fault: { kind: 'no-range' } });
    await bench.pull(reference);
    expect(digestOf(await readFile(bench.content.pathOf(layer.digest)))).toBe(layer.digest);
  });

  it('keeps the layers that were whole for the next attempt', async () => {
    const image = await testImage({ layers: [{ a: noise(50_000) }, { b: noise(50_000, 7) }] });
    const [lower, upper] = image.layers;
    const reference = registry.push('app', '1', image);
    const never = new Promise<void>(() => undefined);
    registry.faults.add({ path: upper!.digest, fault: { kind: 'stall', afterBytes: 0, until: never } });
    const cancel = new AbortController();
    const onProgress = (progress: PullProgress): void => {
      if (layersOf(progress)[0]?.stage === 'done') cancel.abort();
    };
    const stopped = bench.pull(reference, { signal: cancel.signal, onProgress });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    registry.faults.clear();
    await bench.restart();
    await bench.images.collectGarbage();
    await bench.pull(reference);
    expect(registry.count(lower!.digest)).toBe(1);
    expect(await bench.images.list()).toHaveLength(1);
  });
});
