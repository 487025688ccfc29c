import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredBytes, TestImage } from '../testing/registry/test-image.ts';
import { testImage } from '../testing/registry/test-image.ts';
import { pushAttested, type TestAttestation } from '../testing/registry/test-attestation.ts';
import { ImagesBench } from '../testing/images/images-bench.ts';
import { TestRegistry } from '../testing/registry/test-registry.ts';

/** Images as BuildKit makes them: an index that says of each image, in a manifest beside it, how it was made. */

const ARM = { os: 'linux', architecture: 'arm64' };

let bench: ImagesBench;
let origin: TestRegistry;
let registry: TestRegistry;
let image: TestImage;
let index: StoredBytes;
let attestation: TestAttestation;
let name: string;

beforeEach(async () => {
  bench = await ImagesBench.open();
  [origin, registry] = await Promise.all([TestRegistry.start(), TestRegistry.start()]);
  image = await testImage({ layers: [{ bin: 'program' }] });
  const pushed = pushAttested(origin, 'made', [image]);
  index = pushed.index;
  [attestation] = pushed.attestations as [TestAttestation];
  name = `${origin.host}/made:1`;
});

afterEach(async () => {
  await origin[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

const context = { signal: new AbortController().signal };

const parts = (): readonly StoredBytes[] => [attestation.manifest, ...attestation.blobs];

/** Under a name of another registry. Answers with the digest that it has there. */
async function pushElsewhere(from = bench): Promise<string | undefined> {
  const reference = `${registry.host}/mine/made:1`;
  await from.images.tag({ image: name, reference });
  const request = { reference, insecure: false, background: false };
  for await (const _ of from.images.push(request, context));
  return registry.manifestOf('mine/made', '1')?.digest;
}

describe('an image with an attestation', () => {
  it('is an image for one platform, and keeps what says how it was made', async () => {
    await bench.pull(name);
    const [listed, ...others] = await bench.images.list();
    expect(others).toEqual([]);
    expect(listed).toMatchObject({ id: image.config.digest, platform: image.platform });
    expect(listed).not.toHaveProperty('platforms');
    await bench.restart();
    await bench.images.collectGarbage();
    for (const part of parts())
      expect(await bench.content.read(part.digest)).toEqual(Buffer.from(part.bytes));
    expect((await bench.pull(name)).at(-1)).toMatchObject({ upToDate: true });
  });

  it('is pushed as it was pulled, the image before what speaks of it', async () => {
    await bench.pull(name);
    expect(await pushElsewhere()).toBe(index.digest);
    for (const { digest, bytes } of attestation.blobs) {
      expect(registry.blobOf('mine/made', digest)).toEqual(Buffer.from(bytes));
    }
    const put = registry.requests.filter(
      ({ method, path }) => method === 'PUT' && path.includes('/manifests/'),
    );
    expect(put.map(({ path }) => path.split('/').at(-1))).toEqual([
      image.manifest.digest,
      attestation.manifest.digest,
      '1',
    ]);
  });

  it('is the same after it was saved and loaded, and alone when its platform was asked for', async () => {
    await bench.pull(name);
    for (const [platform, digest] of [
      [undefined, index.digest],
      [image.platform, image.manifest.digest],
    ] as const) {
      await using other = await ImagesBench.open();
      const archive = bench.images.save({ images: [name], ...(platform && { platform }) }, context);
      for await (const _ of other.images.load({ name: 'it' }, archive, context));
      await other.restart();
      await other.images.collectGarbage();
      expect(await pushElsewhere(other)).toBe(digest);
    }
  });

  it('leaves nothing behind when it is removed', async () => {
    await bench.pull(name);
    await bench.images.remove({ image: name, force: false });
    expect(await bench.content.list()).toEqual([]);
  });

  it.each([
    [
      'missing',
      () => origin.faults.add({ path: parts()[0]!.digest, fault: { kind: 'status', status: 404 } }),
    ],
    [
      'without a blob',
      () => origin.faults.add({ path: parts()[1]!.digest, fault: { kind: 'status', status: 404 } }),
    ],
    ['of other bytes', () => origin.pushBlob({ ...parts()[1]!, bytes: new Uint8Array(parts()[1]!.size) })],
  ])('that is %s in the registry is pulled, and pushed alone', async (_, spoil) => {
    spoil();
    await bench.pull(name);
    expect(await pushElsewhere()).toBe(image.manifest.digest);
    expect(registry.manifestOf('mine/made', index.digest)).toBeUndefined();
  });

  it('is pulled with it later, when it was not there at first', async () => {
    const fault = { kind: 'status', status: 404 } as const;
    origin.faults.add({ path: attestation.manifest.digest, fault, times: 1 });
    await bench.pull(name);
    await bench.pull(name);
    expect(await pushElsewhere()).toBe(index.digest);
  });
});

it('of several platforms, what speaks of those that are not here is not fetched', async () => {
  const arm = await testImage({ layers: [{ bin: 'arm' }], platform: ARM });
  const { index: both, attestations } = pushAttested(origin, 'made', [image, arm]);
  await bench.pull(name);
  const [listed] = await bench.images.list();
  expect(listed?.platforms?.map(({ platform }) => platform)).toEqual([image.platform, ARM]);
  expect(await bench.content.has(attestations[1]!.manifest)).toBe(false);
  await bench.pull(name, { platform: ARM });
  expect(await pushElsewhere()).toBe(both.digest);
  for (const { manifest } of attestations) {
    expect(registry.manifestOf('mine/made', manifest.digest)?.digest).toBe(manifest.digest);
  }
});
