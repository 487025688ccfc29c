import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/clock/manual-clock.ts';
import { ImagesBench } from '../../testing/images/images-bench.ts';
import { testImage, type TestImage } from '../../testing/registry/test-image.ts';
import { TestRegistry } from '../../testing/registry/test-registry.ts';

let bench: ImagesBench;
let registry: TestRegistry;
let base: TestImage;
let app: TestImage;
let baseName: string;
let appName: string;

/** `app` stands on the layer of `base`. */
beforeEach(async () => {
  [bench, registry] = await Promise.all([ImagesBench.open(), TestRegistry.start()]);
  base = await testImage({ layers: [{ base: 'base' }] });
  app = await testImage({ layers: [{ base: 'base' }, { app: 'app' }] });
  baseName = registry.push('base', '1', base);
  appName = registry.push('app', '1', app);
  await bench.pull(baseName);
  await bench.pull(appName);
});

afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

function use(image: TestImage, running: boolean): void {
  bench.users.set(image.config.digest, [{ id: 'c1', name: 'web', running }]);
}

async function layerCount(): Promise<number> {
  return (await bench.snapshotter.list()).length;
}

describe('the list of images', () => {
  it('counts shared layers in full for the size, and not for what is unique', async () => {
    const images = await bench.images.list();
    expect(images.map(({ references }) => references[0])).toEqual([appName, baseName]);
    const [shown, below] = images;
    expect(shown!.sizeBytes).toBeGreaterThan(below!.sizeBytes);
    expect(shown!.uniqueBytes).toBe(shown!.sizeBytes - below!.sizeBytes);
    expect(below!.uniqueBytes).toBe(0);
  });

  it('is the same after a restart', async () => {
    const before = await bench.images.list();
    await bench.restart();
    expect(await bench.images.list()).toEqual(before);
  });

  it('finds an image by name, by id, by the beginning of an id, and by digest', async () => {
    const id = app.config.digest;
    const texts = [appName, id, id.slice('sha256:'.length), id.slice('sha256:'.length, 20), id.slice(0, 20)];
    for (const image of [...texts, `${registry.host}/app@${app.manifest.digest}`]) {
      expect((await bench.images.inspect({ image })).id, image).toBe(id);
    }
    await expect(bench.images.inspect({ image: 'nothing' })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('removing an image', () => {
  it('frees what only it needs', async () => {
    const removed = await bench.images.remove({ image: appName, force: false });
    expect(removed.deleted).toEqual([app.config.digest]);
    expect(removed.freedBytes).toBeGreaterThan(0);
    expect(await layerCount()).toBe(1);
    expect(await bench.content.has(app.manifest)).toBe(false);
    expect(await bench.content.has(base.layers[0]!)).toBe(true);
    await bench.images.remove({ image: baseName, force: false });
    expect(await layerCount()).toBe(0);
    expect(await readdir(join(bench.folder.contentDirectory, 'blobs', 'sha256'))).toEqual([]);
  });

  it('only takes the name while there are others', async () => {
    await bench.images.tag({ image: appName, reference: 'mine' });
    const removed = await bench.images.remove({ image: appName, force: false });
    expect(removed).toMatchObject({ deleted: [], freedBytes: 0 });
    expect(removed.untagged[0]).toBe(appName);
    expect((await bench.images.inspect({ image: 'mine' })).references).toEqual(['mine:latest']);
  });

  it('by id asks for force when it has several names', async () => {
    await bench.images.tag({ image: appName, reference: 'mine' });
    const image = app.config.digest;
    await expect(bench.images.remove({ image, force: false })).rejects.toMatchObject({ code: 'conflict' });
    const removed = await bench.images.remove({ image, force: true });
    expect(removed.deleted).toEqual([image]);
    expect(removed.untagged).toEqual(expect.arrayContaining([appName, 'mine:latest']));
  });

  it('by two names at once takes the image with the last one', async () => {
    await bench.images.tag({ image: appName, reference: 'mine' });
    const removals = [appName, 'mine'].map((image) => bench.images.remove({ image, force: false }));
    const deleted = (await Promise.all(removals)).flatMap((removed) => removed.deleted);
    expect(deleted).toEqual([app.config.digest]);
  });

  it('leaves no name behind that is given to it meanwhile', async () => {
    const removing = bench.images.remove({ image: appName, force: false });
    const tagging = bench.images.tag({ image: app.config.digest, reference: 'mine' });
    await expect(tagging).rejects.toMatchObject({ code: 'not-found' });
    await removing;
    await bench.images.tag({ image: baseName, reference: 'mine' });
    expect((await bench.images.inspect({ image: 'mine' })).id).toBe(base.config.digest);
  });

  it('is refused from the moment in which a container has found it', async () => {
    const resolving = bench.images.resolve(appName, () => use(app, false));
    await expect(bench.images.remove({ image: appName, force: false })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect((await resolving).id).toBe(app.config.digest);
  });

  it('is refused while a container runs on it, even by force', async () => {
    use(app, true);
    for (const force of [false, true]) {
      await expect(bench.images.remove({ image: appName, force })).rejects.toMatchObject({
        code: 'conflict',
      });
    }
    expect((await bench.images.inspect({ image: appName })).usedBy).toEqual(['web']);
  });

  it('takes only the names, by force, while a stopped container needs it', async () => {
    use(app, false);
    await expect(bench.images.remove({ image: appName, force: false })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await bench.images.remove({ image: appName, force: true })).toMatchObject({ deleted: [] });
    const details = await bench.images.inspect({ image: app.config.digest });
    expect(details).toMatchObject({ references: [], repoDigests: [] });
    await expect(bench.images.remove({ image: app.config.digest, force: true })).rejects.toMatchObject({
      code: 'conflict',
    });
    bench.users.clear();
    const removed = await bench.images.remove({ image: app.config.digest, force: false });
    expect(removed.deleted).toEqual([app.config.digest]);
  });

  it('leaves layers that a container still holds for later', async () => {
    const [, top] = (await bench.images.resolve(appName)).chainIds;
    const snapshot = (await bench.snapshotter.list()).find(({ chainId }) => chainId === top)!;
    bench.snapshotter.inUse.add(snapshot.chainId);
    await bench.images.remove({ image: appName, force: false });
    expect(await layerCount()).toBe(2);
    bench.snapshotter.inUse.clear();
    await bench.images.collectGarbage();
    expect(await layerCount()).toBe(1);
  });
});

describe('parts of a pull that failed', () => {
  it('stay for a week, over a restart, and are then collected', async () => {
    const clock = new ManualClock();
    await using later = await ImagesBench.open({ clock });
    registry.faults.add({ path: app.layers[1]!.digest, fault: { kind: 'status', status: 404 } });
    const [lower] = app.layers;
    await expect(later.pull(appName)).rejects.toMatchObject({ code: 'not-found' });
    await later.restart();
    await later.images.collectGarbage();
    const kept = await later.content.has(app.config);
    clock.advance(8 * 24 * 60 * 60 * 1000);
    await later.images.collectGarbage();
    expect([kept, await later.content.has(app.config), await later.content.has(lower!)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('the image layout on disk', () => {
  it('names every image for other tools', async () => {
    await bench.images.tag({ image: appName, reference: 'mine:2' });
    const index = JSON.parse(await readFile(join(bench.folder.contentDirectory, 'index.json'), 'utf8')) as {
      manifests: { annotations: Record<string, string> }[];
    };
    const names = index.manifests.map(({ annotations }) => annotations['org.opencontainers.image.ref.name']);
    expect(names.sort()).toEqual([appName, baseName, 'docker.io/library/mine:2'].sort());
  });
});
