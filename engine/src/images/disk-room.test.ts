import { randomBytes } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { diskFull } from '../metadata/index.ts';
import { digestHex } from '../oci/index.ts';
import { ImagesBench } from '../testing/images/images-bench.ts';
import { testImage, type TestImage } from '../testing/registry/test-image.ts';
import { TestRegistry } from '../testing/registry/test-registry.ts';

let bench: ImagesBench;
let registry: TestRegistry;
let image: TestImage;
let name: string;

beforeEach(async () => {
  [bench, registry] = await Promise.all([ImagesBench.open(), TestRegistry.start()]);
  image = await testImage({ layers: [{ noise: randomBytes(3_000_000) }] });
  name = registry.push('app', '1', image);
});

afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

function freeDisk(bytes: number): void {
  vi.spyOn(bench.content, 'freeBytes').mockResolvedValue(bytes);
}

describe('a pull that the disk has no room for', () => {
  it('is refused before a byte of it is fetched, with what it needs and what is free', async () => {
    freeDisk(2_000_000);
    await expect(bench.pull(name)).rejects.toMatchObject({
      code: 'failed-precondition',
      message: `${name} needs at least 3.0 MB of disk space, and 2.0 MB are free.`,
      hint: expect.stringContaining('removing images') as string,
      detail: { errno: 'ENOSPC' },
    });
    expect(registry.count(image.layers[0]!.digest)).toBe(0);
  });

  it('because it takes more when it is unpacked, says how much there was, and gives it back', async () => {
    freeDisk(5_000_000);
    bench.snapshotter.failNext(diskFull({ detail: { step: 'write', errno: 'ENOSPC' } }));
    await expect(bench.pull(name)).rejects.toMatchObject({
      code: 'failed-precondition',
      message: `${name} needs more than the 5.0 MB of disk space that were free.`,
    });
    expect(await readdir(bench.folder.ingestDirectory)).toEqual([]);
  });
});

it('a pull needs room only for what it has yet to fetch', async () => {
  freeDisk(2_000_000);
  const [layer] = image.layers;
  const part = join(bench.folder.ingestDirectory, `${digestHex(layer!.digest)}.part`);
  await writeFile(part, layer!.bytes.subarray(0, 2_000_000));
  await bench.pull(name);
  freeDisk(0);
  expect((await bench.pull(name)).at(-1)).toMatchObject({ stage: 'done', upToDate: true });
});
