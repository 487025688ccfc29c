import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImagesBench } from '../../testing/images/images-bench.ts';
import { type StoredBytes, testImage, testIndex, type TestImage } from '../../testing/registry/test-image.ts';
import { TestRegistry } from '../../testing/registry/test-registry.ts';
import type { PushProgress } from '../../types/index.ts';

let bench: ImagesBench;
let registry: TestRegistry;
let image: TestImage;

beforeEach(async () => {
  bench = await ImagesBench.open();
  registry = await TestRegistry.start();
  image = await testImage({ layers: [{ a: 'lower' }, { b: 'upper' }] });
});

afterEach(async () => {
  await bench[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

/** An image of another registry, under a name of ours. */
async function imageNamed(reference: string): Promise<void> {
  await using origin = await TestRegistry.start();
  const [done] = (await bench.pull(origin.push('team/origin', '1', image))).slice(-1);
  if (done?.stage !== 'done') throw new Error('the pull did not end');
  await bench.images.tag({ image: done.image.id, reference });
}

interface PushOptions {
  readonly signal?: AbortSignal;
  readonly platform?: { readonly os: string; readonly architecture: string };
}

async function push(
  reference: string,
  { signal = new AbortController().signal, platform }: PushOptions = {},
): Promise<readonly PushProgress[]> {
  const all: PushProgress[] = [];
  const request = { reference, insecure: false, background: false, credentials: undefined, platform };
  for await (const progress of bench.images.push(request, { signal })) all.push(progress);
  return all;
}

function stagesOf(progress: readonly PushProgress[]): readonly string[] {
  const last = progress.at(-1);
  return last?.stage === 'done' ? last.layers.map(({ stage }) => stage) : [];
}

describe('a push', () => {
  it('brings the very bytes that were pulled, so that the digest stays', async () => {
    const reference = `${registry.host}/mine/app:2`;
    await imageNamed(reference);
    const progress = await push(reference);
    expect(progress.at(-1)).toMatchObject({ stage: 'done', manifestDigest: image.manifest.digest });
    expect(registry.manifestOf('mine/app', '2')?.bytes).toEqual(Buffer.from(image.manifest.bytes));
    for (const blob of [image.config, ...image.layers]) {
      expect(registry.blobOf('mine/app', blob.digest)).toEqual(Buffer.from(blob.bytes));
    }
    const { repoDigests } = await bench.images.inspect({ image: reference });
    expect(repoDigests).toContain(`${registry.host}/mine/app@${image.manifest.digest}`);
  });

  describe('of an image for several platforms', () => {
    const arm = { os: 'linux', architecture: 'arm64' };
    let other: TestImage;
    let index: StoredBytes;
    let reference: string;

    /** Pulled from another registry for these platforms, and named for ours. */
    async function pulledFor(...platforms: readonly { os: string; architecture: string }[]): Promise<void> {
      other = await testImage({ layers: [{ a: 'lower' }, { b: 'arm64' }], platform: arm });
      index = testIndex([image, other]);
      reference = `${registry.host}/mine/multi:1`;
      await using origin = await TestRegistry.start();
      origin.push('multi', '1', image);
      origin.push('multi', '1', other);
      origin.pushManifest('multi', '1', index);
      for (const platform of platforms) await bench.pull(`${origin.host}/multi:1`, { platform });
      await bench.images.tag({ image: image.config.digest, reference });
    }

    it('brings all of them and their index, when all are here', async () => {
      await pulledFor(image.platform, arm);
      expect((await push(reference)).at(-1)).toMatchObject({ stage: 'done', manifestDigest: index.digest });
      expect(registry.manifestOf('mine/multi', '1')?.bytes).toEqual(Buffer.from(index.bytes));
      for (const { manifest, config, layers } of [image, other]) {
        expect(registry.manifestOf('mine/multi', manifest.digest)?.digest).toBe(manifest.digest);
        for (const { digest } of [config, ...layers]) {
          expect(registry.blobOf('mine/multi', digest)).toBeDefined();
        }
      }
    });

    it('brings the one for this machine, when others are missing', async () => {
      await pulledFor(image.platform);
      const { digest } = image.manifest;
      expect((await push(reference)).at(-1)).toMatchObject({ stage: 'done', manifestDigest: digest });
      expect(registry.manifestOf('mine/multi', '1')?.digest).toBe(digest);
    });

    it('brings the one that was asked for, alone under the name', async () => {
      await pulledFor(image.platform, arm);
      const { digest } = other.manifest;
      const [done] = (await push(reference, { platform: arm })).slice(-1);
      expect(done).toMatchObject({ stage: 'done', manifestDigest: digest });
      expect(registry.manifestOf('mine/multi', '1')?.digest).toBe(digest);
      expect(registry.manifestOf('mine/multi', image.manifest.digest)).toBeUndefined();
      expect(registry.manifestOf('mine/multi', index.digest)).toBeUndefined();
    });

    it('says which platforms are here when another was asked for, and does not ask the registry', async () => {
      await pulledFor(image.platform);
      await expect(push(reference, { platform: arm })).rejects.toMatchObject({
        code: 'not-found',
        detail: { step: 'platform', path: 'linux/arm64' },
      });
      expect(registry.requests).toHaveLength(0);
    });
  });

  it('sends no blob that is there already', async () => {
    const reference = `${registry.host}/mine/app:2`;
    await imageNamed(reference);
    await push(reference);
    const before = registry.requests.filter(({ method }) => method === 'POST').length;
    expect(stagesOf(await push(reference))).toEqual(['exists', 'exists', 'exists']);
    expect(registry.requests.filter(({ method }) => method === 'POST')).toHaveLength(before);
  });

  it('mounts what another repository of the registry has', async () => {
    await bench.pull(registry.push('team/base', '1', image));
    registry.confineBlobs('team/base');
    const reference = `${registry.host}/mine/app:2`;
    await bench.images.tag({ image: `${registry.host}/team/base:1`, reference });
    expect(stagesOf(await push(reference))).toEqual(['mounted', 'mounted', 'mounted']);
  });

  it('says which image is not here, and does not ask the registry', async () => {
    await expect(push(`${registry.host}/mine/app:9`)).rejects.toMatchObject({ code: 'not-found' });
    expect(registry.requests).toHaveLength(0);
  });

  it('uses what the person has signed in with', async () => {
    const person = { username: 'harbour', password: 'secret' };
    await using locked = await TestRegistry.start({ kind: 'bearer', ...person });
    const reference = `${locked.host}/mine/app:1`;
    await imageNamed(reference);
    await expect(push(reference)).rejects.toMatchObject({ code: 'unauthenticated' });
    bench.signIns.set(locked.host, person);
    expect((await push(reference)).at(-1)).toMatchObject({ stage: 'done' });
    const asked = locked.requests.filter(({ path }) => path.startsWith('/token')).at(-1);
    expect(asked?.path).toContain(`scope=repository%3Amine%2Fapp%3Apull%2Cpush`);
  });

  it('that is cancelled leaves no manifest', async () => {
    const reference = `${registry.host}/mine/app:2`;
    await imageNamed(reference);
    const abort = new AbortController();
    registry.faults.add({ path: '/blobs/uploads/', fault: { kind: 'status', status: 503 } });
    const pushing = push(reference, { signal: abort.signal });
    abort.abort();
    await expect(pushing).rejects.toMatchObject({ code: 'cancelled' });
    expect(registry.manifestOf('mine/app', '2')).toBeUndefined();
  });

  it('keeps what it sends, even when the image is removed meanwhile', async () => {
    const reference = `${registry.host}/mine/app:2`;
    await imageNamed(reference);
    const list = await bench.images.list({});
    const ending = push(reference).then(
      (progress) => progress.at(-1)?.stage,
      (thrown: unknown) => (thrown as { code: string }).code,
    );
    await bench.images.remove({ image: list[0]?.id ?? '', force: true });
    await bench.images.collectGarbage();
    const outcome = await ending;
    // Whichever came first: the whole image went, or it was gone before the push looked for it.
    expect(['done', 'not-found']).toContain(outcome);
    if (outcome === 'done') expect(registry.manifestOf('mine/app', '2')).toBeDefined();
  });
});
