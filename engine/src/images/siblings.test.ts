import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestHex } from '../oci/index.ts';
import { ImagesBench } from '../testing/images/images-bench.ts';
import { testImage, testIndex, type TestImage, type StoredBytes } from '../testing/registry/test-image.ts';
import { TestRegistry } from '../testing/registry/test-registry.ts';

const context = { signal: new AbortController().signal };
const ARM = { os: 'linux', architecture: 'arm64' };
const AMD = { os: 'linux', architecture: 'amd64' };

let bench: ImagesBench;
let registry: TestRegistry;
let amd: TestImage;
let arm: TestImage;
let s390x: TestImage;
let index: StoredBytes;
let name: string;

/** One image for three platforms; the machine is the first. */
beforeEach(async () => {
  [bench, registry] = await Promise.all([ImagesBench.open(), TestRegistry.start()]);
  amd = await testImage({ layers: [{ bin: 'amd64' }], platform: AMD });
  arm = await testImage({ layers: [{ bin: 'arm64' }], platform: ARM });
  s390x = await testImage({ layers: [{ bin: 's390x' }], platform: { os: 'linux', architecture: 's390x' } });
  for (const image of [amd, arm, s390x]) registry.push('multi', '1', image);
  index = testIndex([arm, amd, s390x]);
  registry.pushManifest('multi', '1', index);
  name = `${registry.host}/multi:1`;
});

afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

async function pullBoth(): Promise<void> {
  await bench.pull(name);
  await bench.pull(name, { platform: ARM });
}

async function saved(platform?: typeof ARM): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  const request = { images: [name], ...(platform && { platform }) };
  for await (const chunk of bench.images.save(request, context)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function loadElsewhere(archive: Buffer): Promise<ImagesBench> {
  const other = await ImagesBench.open();
  const bytes = (async function* () {
    yield await Promise.resolve(archive);
  })();
  for await (const _ of other.images.load({ name: 'it' }, bytes, context));
  return other;
}

describe('an image for several platforms', () => {
  it('is one image, that tells which of its platforms are here', async () => {
    await pullBoth();
    const [image, ...others] = await bench.images.list();
    expect(others).toEqual([]);
    expect(image).toMatchObject({
      id: amd.config.digest,
      references: [name],
      platform: AMD,
      platforms: [
        { platform: ARM, id: arm.config.digest, manifestDigest: arm.manifest.digest },
        { platform: AMD, id: amd.config.digest },
        { platform: { architecture: 's390x' }, id: null, sizeBytes: 0 },
      ],
    });
    const [one, two] = image!.platforms!;
    expect(image!.sizeBytes).toBe(one!.sizeBytes + two!.sizeBytes);
    expect(image!.uniqueBytes).toBe(image!.sizeBytes);
  });

  it.each(['this machine first', 'this machine last'])(
    'goes by its name for this machine: %s',
    async (order) => {
      const platforms = order.endsWith('first') ? [AMD, ARM] : [ARM, AMD];
      for (const platform of platforms) await bench.pull(name, { platform });
      expect((await bench.images.resolve(name)).id).toBe(amd.config.digest);
      expect((await bench.images.resolve(name, undefined, ARM)).id).toBe(arm.config.digest);
      expect((await bench.images.inspect({ image: name, platform: ARM })).id).toBe(arm.config.digest);
      const byDigest = `${registry.host}/multi@${index.digest}`;
      expect((await bench.images.inspect({ image: byDigest })).id).toBe(amd.config.digest);
    },
  );

  it('says which platforms are here when another is asked for', async () => {
    await pullBoth();
    const asked = bench.images.inspect({ image: name, platform: { os: 'linux', architecture: 's390x' } });
    await expect(asked).rejects.toMatchObject({
      code: 'not-found',
      detail: { step: 'platform', path: 'linux/s390x' },
      message: expect.stringMatching(/linux\/amd64, linux\/arm64/) as string,
    });
  });

  it('is up to date for a platform that is here, and again after a restart', async () => {
    await pullBoth();
    await bench.restart();
    expect((await bench.pull(name, { platform: ARM })).at(-1)).toMatchObject({ upToDate: true });
    expect(await bench.images.list()).toHaveLength(1);
  });

  it('keeps its index as it was, until its last platform goes', async () => {
    await pullBoth();
    await bench.images.collectGarbage();
    expect(await bench.content.has(index)).toBe(true);
    await bench.images.remove({ image: arm.config.digest, force: false });
    expect(await bench.content.has(index)).toBe(true);
    expect((await bench.images.list())[0]).toMatchObject({ id: amd.config.digest, references: [name] });
    await bench.images.remove({ image: name, force: false });
    expect(await bench.content.list()).toEqual([]);
  });

  it('goes with its last name for all platforms that no container needs', async () => {
    await pullBoth();
    bench.users.set(arm.config.digest, [{ id: 'c1', name: 'web', running: false }]);
    await expect(bench.images.remove({ image: name, force: false })).rejects.toMatchObject({
      code: 'conflict',
    });
    const { deleted } = await bench.images.remove({ image: name, force: true });
    expect(deleted).toEqual([amd.config.digest]);
    expect((await bench.images.list()).map(({ id }) => id)).toEqual([arm.config.digest]);
  });

  it('is no prey of a prune while it has its name, or a container of any platform', async () => {
    await pullBoth();
    const filters = { labels: [], labelsNot: [] };
    expect((await bench.images.prune({ all: false, ...filters })).deleted).toEqual([]);
    bench.users.set(arm.config.digest, [{ id: 'c1', name: 'web', running: true }]);
    expect((await bench.images.prune({ all: true, ...filters })).deleted).toEqual([]);
    bench.users.clear();
    const { images, freedBytes } = await bench.images.prunable({ all: true, ...filters }, context);
    expect(images).toMatchObject([{ id: amd.config.digest, references: [name] }]);
    expect(freedBytes).toBeGreaterThan(images[0]!.sizeBytes);
    const { deleted } = await bench.images.prune({ all: true, ...filters });
    expect(new Set(deleted)).toEqual(new Set([amd.config.digest, arm.config.digest]));
  });

  it('is another image once its name stands for another index', async () => {
    await pullBoth();
    const newer = await testImage({ layers: [{ bin: 'newer' }], platform: AMD });
    registry.push('multi', '1', newer);
    registry.pushManifest('multi', '1', testIndex([newer, arm]));
    await bench.pull(name);
    const images = await bench.images.list();
    expect(images.find(({ references }) => references.includes(name))?.id).toBe(newer.config.digest);
    expect(images.find(({ references }) => references.length === 0)?.id).toBe(amd.config.digest);
  });
});

describe('an archive of an image for several platforms', () => {
  it('has all that are here, and their index', async () => {
    await pullBoth();
    await using other = await loadElsewhere(await saved());
    expect(await other.images.list()).toMatchObject([
      { id: amd.config.digest, references: [name], platforms: [{ id: arm.config.digest }, {}, { id: null }] },
    ]);
    expect(await other.content.read(index.digest)).toEqual(Buffer.from(index.bytes));
    expect((await other.images.inspect({ image: name, platform: ARM })).manifestDigest).toBe(
      arm.manifest.digest,
    );
  });

  it('has the one that was asked for', async () => {
    await pullBoth();
    const archive = await saved(ARM);
    expect(archive.includes(digestHex(amd.config.digest))).toBe(false);
    await using other = await loadElsewhere(archive);
    expect(await other.images.list()).toMatchObject([{ id: arm.config.digest, references: [name] }]);
  });
});
