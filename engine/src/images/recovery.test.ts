import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { digestOf } from '../content/index.ts';
import { type Digest, digestHex } from '../oci/index.ts';
import { ImagesBench } from '../testing/images/images-bench.ts';
import { stored, testImage, type TestImage } from '../testing/registry/test-image.ts';
import { pushAttested } from '../testing/registry/test-attestation.ts';
import { TestRegistry } from '../testing/registry/test-registry.ts';

let bench: ImagesBench;
let registry: TestRegistry;
let base: TestImage;
let app: TestImage;
let baseName: string;
let appName: string;

const garbage = stored('text/plain', Buffer.from('nobody needs this'));

beforeEach(async () => {
  [bench, registry] = await Promise.all([ImagesBench.open(), TestRegistry.start()]);
  base = await testImage({ layers: [{ base: 'base' }] });
  app = await testImage({ layers: [{ base: 'base' }, { app: 'app' }], config: { Labels: { a: 'b' } } });
  baseName = registry.push('base', '1', base);
  appName = registry.push('app', '1', app);
  await bench.pull(baseName);
  await bench.pull(appName);
});

afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

async function tear(noun: 'images' | 'references', id: Digest): Promise<void> {
  await writeFile(join(bench.folder.stateDirectory(noun), `${digestHex(id)}.json`), '{"torn');
}

/** As at a start of the engine with an agent. */
async function tidyUp(): Promise<void> {
  await bench.content.put(garbage, garbage.bytes);
  bench.images.beginUpkeep(() => Promise.resolve());
}

const blobs = (): Promise<readonly string[]> =>
  readdir(join(bench.folder.contentDirectory, 'blobs', 'sha256'));

describe('the damaged record of an image', () => {
  beforeEach(async () => {
    await tear('images', app.config.digest);
  });

  it('is made anew from manifest and config, is told once, and collection goes on', async () => {
    const before = await bench.images.list();
    await bench.restart();
    expect(await bench.images.list()).toHaveLength(1);
    await tidyUp();
    await vi.waitFor(async () => expect(await bench.content.has(garbage)).toBe(false));
    expect(await bench.images.list()).toEqual(
      before.map((image) => (image.id === app.config.digest ? { ...image, repoDigests: [] } : image)),
    );
    expect(bench.reports).toEqual([
      expect.stringMatching(/^A record of an image is damaged \(it is not whole JSON\).*quarantine/),
      `The damaged record of the image ${appName} was made anew from its manifest and config.`,
    ]);
    await bench.restart();
    expect(await bench.images.list()).toHaveLength(2);
    expect(bench.reports).toHaveLength(2);
  });

  it('is made anew with its name when that is damaged as well', async () => {
    await tear('references', digestOf(appName));
    await bench.restart();
    await tidyUp();
    await vi.waitFor(async () => expect(await bench.images.list()).toHaveLength(2));
    await vi.waitFor(async () =>
      expect((await bench.images.inspect({ image: appName })).id).toBe(app.config.digest),
    );
  });

  it('is made anew even when other images changed before the agent came', async () => {
    await bench.restart();
    await bench.images.tag({ image: baseName, reference: 'mine' });
    await bench.restart();
    await tidyUp();
    await vi.waitFor(async () => expect(await bench.images.list()).toHaveLength(2));
  });

  it.each([
    ['a blob', () => rm(bench.content.pathOf(app.layers[1]!.digest))],
    ['the manifest', () => writeFile(bench.content.pathOf(app.manifest.digest), 'damaged')],
    [
      'an unpacked layer',
      async () => {
        const [top] = (await bench.snapshotter.list()).filter(({ parentChainId }) => parentChainId !== null);
        await bench.snapshotter.remove([top!.chainId]);
      },
    ],
  ])('stays in quarantine without %s, and costs no content', async (_, damage) => {
    await damage();
    await bench.restart();
    await tidyUp();
    await vi.waitFor(() => expect(bench.reports.at(-1)).toContain('pull the image again'));
    await bench.images.remove({ image: baseName, force: false });
    expect(await bench.content.has(garbage)).toBe(true);
    expect(await bench.content.has(app.config)).toBe(true);

    await bench.pull(appName);
    await bench.images.remove({ image: appName, force: false });
    expect(await blobs()).toEqual([]);
  });
});

it('the damaged record of a name is made anew from the index', async () => {
  await tear('references', digestOf(appName));
  await bench.restart();
  expect((await bench.images.inspect({ image: appName })).id).toBe(app.config.digest);
});

describe('the damaged records of an image for several platforms', () => {
  const arm64 = { os: 'linux', architecture: 'arm64' };

  async function listedAgain() {
    await vi.waitFor(async () => {
      const [image] = await bench.images.list({ filters: { reference: [`${registry.host}/multi`] } });
      expect(image?.platforms?.every(({ id }) => id !== null)).toBe(true);
    });
    return bench.images.list();
  }

  it('are made anew with their index, and with what says how they were made', async () => {
    const arm = await testImage({ layers: [{ bin: 'arm64' }], platform: arm64 });
    const amd = await testImage({ layers: [{ bin: 'amd64' }] });
    const { index, attestations } = pushAttested(registry, 'multi', [amd, arm]);
    for (const { platform } of [amd, arm]) await bench.pull(`${registry.host}/multi:1`, { platform });
    const before = await bench.images.list();
    for (const image of [amd, arm]) await tear('images', image.config.digest);
    await bench.restart();
    await tidyUp();
    const after = await listedAgain();
    expect(after.map(({ id, platforms }) => ({ id, platforms }))).toEqual(
      before.map(({ id, platforms }) => ({ id, platforms })),
    );
    await bench.images.collectGarbage();
    for (const { digest } of [index, ...attestations.map(({ manifest }) => manifest)]) {
      expect(await bench.content.sizeOf(digest)).toBeGreaterThan(0);
    }
  });
});
