import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Digest } from '../../oci/index.ts';
import { ImagesBench } from '../../testing/images/images-bench.ts';
import { testImage, testIndex, type StoredBytes, type TestImage } from '../../testing/registry/test-image.ts';
import { TestRegistry } from '../../testing/registry/test-registry.ts';
import type { Platform } from '../../types/index.ts';

const AMD = { os: 'linux', architecture: 'amd64' };
const ARM = { os: 'linux', architecture: 'arm64' };
const I386 = { os: 'linux', architecture: '386' };

let bench: ImagesBench;
let registry: TestRegistry;
let amd: TestImage;
let arm: TestImage;
let index: StoredBytes;
let name: string;

/** An image of which both platforms are here; the machine is the first. */
beforeEach(async () => {
  [bench, registry] = await Promise.all([ImagesBench.open(), TestRegistry.start()]);
  amd = await testImage({ layers: [{ bin: 'amd64' }], platform: AMD });
  arm = await testImage({ layers: [{ bin: 'arm64' }], platform: ARM });
  for (const image of [amd, arm]) registry.push('multi', '1', image);
  index = testIndex([arm, amd]);
  registry.pushManifest('multi', '1', index);
  name = `${registry.host}/multi:1`;
  for (const platform of [AMD, ARM]) await bench.pull(name, { platform });
});

afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

function remove(platforms: readonly Platform[], force = false) {
  return bench.images.remove({ image: name, force, platforms: [...platforms] });
}

async function idOf(image: string): Promise<string> {
  return (await bench.images.inspect({ image })).id;
}

const isHere = (digest: Digest): Promise<boolean> => bench.content.sizeOf(digest).then((size) => size > 0);

describe('removing a platform of an image', () => {
  it('frees what only this one needs, and tells of it', async () => {
    const events = bench.events.watch({});
    expect(await remove([ARM])).toMatchObject({ untagged: [], deleted: [arm.config.digest] });
    expect(await bench.images.list()).toMatchObject([
      { id: amd.config.digest, references: [name], platforms: [{ id: null }, { id: amd.config.digest }] },
    ]);
    expect(await isHere(arm.manifest.digest)).toBe(false);
    expect(await isHere(index.digest)).toBe(true);
    expect(await events.next()).toMatchObject({ value: { action: 'delete', id: arm.config.digest } });
    await events.return?.();
  });

  it('leaves the names to those that stay, also over a restart', async () => {
    await bench.images.tag({ image: name, reference: 'mine' });
    await remove([AMD]);
    const byDigest = `${registry.host}/multi@${index.digest}`;
    for (const image of [name, 'mine', byDigest]) expect(await idOf(image)).toBe(arm.config.digest);
    await bench.restart();
    for (const image of [name, 'mine', byDigest]) expect(await idOf(image)).toBe(arm.config.digest);
    await bench.pull(name);
    expect(await idOf(name)).toBe(amd.config.digest);
  });

  it('removes the image with the last one', async () => {
    await remove([ARM]);
    expect((await remove([AMD])).untagged).toContain(name);
    expect(await bench.content.list()).toEqual([]);
  });

  it('removes the image when all that are here are named', async () => {
    expect(new Set((await remove([AMD, ARM])).deleted)).toEqual(
      new Set([amd.config.digest, arm.config.digest]),
    );
    expect(await bench.images.list()).toEqual([]);
  });

  it('takes no other that this platform could run as well, and none of several when one is not here', async () => {
    const old = await testImage({ layers: [{ bin: '386' }], platform: I386 });
    const beside = await testImage({ layers: [{ bin: 'beside' }], platform: ARM });
    for (const image of [old, beside]) registry.push('other', '1', image);
    registry.pushManifest('other', '1', testIndex([old, beside]));
    const other = `${registry.host}/other:1`;
    for (const platform of [I386, ARM]) await bench.pull(other, { platform });
    await expect(
      bench.images.remove({ image: other, force: true, platforms: [ARM, AMD] }),
    ).rejects.toMatchObject({ code: 'not-found', detail: { step: 'platform', path: 'linux/amd64' } });
    expect(await idOf(other)).toBe(old.config.digest);
  });

  it('is refused while a container needs it, even by force', async () => {
    for (const running of [true, false]) {
      bench.users.set(arm.config.digest, [{ id: 'c1', name: 'web', running }]);
      await expect(remove([ARM], true)).rejects.toMatchObject({
        code: 'conflict',
        hint: expect.not.stringContaining('force') as string,
      });
    }
    expect(await isHere(arm.manifest.digest)).toBe(true);
    expect((await remove([AMD])).deleted).toEqual([amd.config.digest]);
  });
});
