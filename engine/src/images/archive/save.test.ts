import { writeFile } from 'node:fs/promises';
import tar from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImagesBench } from '../../testing/images/images-bench.ts';
import { type TestImage, testImage, TestRegistry } from '../../testing/index.ts';
import { tarHeader } from './tar-header.ts';

let bench: ImagesBench;
let registry: TestRegistry;
let app: TestImage;
let tool: TestImage;

const context = { signal: new AbortController().signal };

/** `app` with two tags, on the layer of `tool`. */
beforeEach(async () => {
  [bench, registry] = await Promise.all([ImagesBench.open(), TestRegistry.start()]);
  tool = await testImage({ layers: [{ base: 'base' }] });
  app = await testImage({ layers: [{ base: 'base' }, { app: 'app' }], format: 'docker' });
  await bench.pull(registry.push('tool', '1', tool));
  await bench.pull(registry.push('app', '1', app));
  await bench.images.tag({ image: app.config.digest, reference: 'app:1' });
  await bench.images.tag({ image: app.config.digest, reference: 'app:2' });
});

afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

async function save(...images: readonly string[]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bench.images.save({ images: [...images] }, context)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function entriesOf(archive: Buffer): Promise<ReadonlyMap<string, Buffer>> {
  const extract = tar.extract();
  extract.end(archive);
  const entries = new Map<string, Buffer>();
  for await (const entry of extract) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry) chunks.push(chunk as Uint8Array);
    expect(entries.has(entry.header.name)).toBe(false);
    entries.set(entry.header.name, Buffer.concat(chunks));
  }
  return entries;
}

const parsed = (bytes: Buffer | undefined) => JSON.parse(bytes?.toString() ?? '') as unknown;

describe('an archive of images', () => {
  it('is a Docker archive and an OCI image layout, each blob once', async () => {
    const entries = await entriesOf(await save('app:1', `${registry.host}/tool:1`));
    const blob = (digest: string) => `blobs/sha256/${digest.replace('sha256:', '')}`;
    expect(parsed(entries.get('oci-layout'))).toEqual({ imageLayoutVersion: '1.0.0' });
    expect(parsed(entries.get('manifest.json'))).toEqual([
      {
        Config: blob(app.config.digest),
        RepoTags: ['app:1'],
        Layers: app.layers.map(({ digest }) => blob(digest)),
      },
      {
        Config: blob(tool.config.digest),
        RepoTags: [`${registry.host}/tool:1`],
        Layers: tool.layers.map(({ digest }) => blob(digest)),
      },
    ]);
    expect(parsed(entries.get('index.json'))).toMatchObject({
      manifests: [
        {
          digest: app.manifest.digest,
          mediaType: app.manifest.mediaType,
          platform: { os: 'linux', architecture: 'amd64' },
          annotations: {
            'io.containerd.image.name': 'docker.io/library/app:1',
            'org.opencontainers.image.ref.name': '1',
          },
        },
        { digest: tool.manifest.digest },
      ],
    });
    expect(parsed(entries.get('repositories'))).toMatchObject({
      app: { '1': expect.any(String) as unknown },
    });
    for (const { manifest, config, layers } of [app, tool]) {
      for (const { digest, bytes } of [manifest, config, ...layers]) {
        expect(entries.get(blob(digest))).toEqual(Buffer.from(bytes));
      }
    }
  });

  it('has the same bytes when it is made again', async () => {
    expect(await save('app')).toEqual(await save('app'));
  });

  it.each([
    ['app', ['app:1', 'app:2']],
    ['app:2', ['app:2']],
  ])('takes from %s the names %j', async (word, tags) => {
    const [item] = parsed((await entriesOf(await save(word))).get('manifest.json')) as [
      { RepoTags: string[] },
    ];
    expect(item.RepoTags).toEqual(tags);
  });

  it('takes no name from an id, and all that were asked for of one image', async () => {
    const byId = await entriesOf(await save(app.config.digest));
    expect(parsed(byId.get('manifest.json'))).toMatchObject([{ RepoTags: [] }]);
    expect(byId.has('repositories')).toBe(false);
    const twice = await entriesOf(await save('app:2', app.config.digest, 'app:1'));
    expect(parsed(twice.get('manifest.json'))).toMatchObject([{ RepoTags: ['app:1', 'app:2'] }]);
  });

  it('loads elsewhere with the same digests and names', async () => {
    const archive = await save('app', `${registry.host}/tool:1`);
    await using other = await ImagesBench.open();
    const once = (async function* () {
      await Promise.resolve();
      yield archive;
    })();
    for await (const _ of other.images.load({ name: 'it' }, once, context));
    expect(await other.images.inspect({ image: 'app:2' })).toMatchObject({
      id: app.config.digest,
      manifestDigest: app.manifest.digest,
      references: ['app:1', 'app:2'],
    });
    expect(await other.images.inspect({ image: `${registry.host}/tool:1` })).toMatchObject({
      id: tool.config.digest,
    });
  });

  it('is refused of what is not here, or is here for another platform', async () => {
    await expect(save('app', 'ghost')).rejects.toMatchObject({ code: 'not-found' });
    const platform = { os: 'linux', architecture: 'arm64' };
    const read = async () => {
      for await (const _ of bench.images.save({ images: ['app'], platform }, context));
    };
    await expect(read()).rejects.toMatchObject({ code: 'not-found', detail: { step: 'platform' } });
  });

  it('ends with an error when a layer is damaged on disk', async () => {
    const [layer] = tool.layers;
    await writeFile(bench.content.pathOf(layer!.digest), Buffer.alloc(layer!.size, 1));
    await expect(save(`${registry.host}/tool:1`)).rejects.toMatchObject({ detail: { step: 'content' } });
  });

  it('keeps its images from going away while it is read', async () => {
    const archive = bench.images.save({ images: [`${registry.host}/tool:1`] }, context);
    const reading = archive[Symbol.asyncIterator]();
    const first = await reading.next();
    await bench.images.remove({ image: `${registry.host}/tool:1`, force: false });
    const chunks = [first.value as Uint8Array];
    for (let next = await reading.next(); next.done !== true; next = await reading.next())
      chunks.push(next.value);
    const entries = await entriesOf(Buffer.concat(chunks));
    expect(entries.get(`blobs/sha256/${tool.config.digest.replace('sha256:', '')}`)).toBeDefined();
  });
});

describe('the header of a file in an archive', () => {
  it('holds sizes beyond what octal digits can say', async () => {
    const size = 2 ** 40 + 5;
    const extract = tar.extract();
    extract.write(tarHeader({ name: 'large', type: 'file', size }));
    for await (const entry of extract) {
      expect(entry.header).toMatchObject({ name: 'large', size, uid: 0, gid: 0, mode: 0o644, type: 'file' });
      break;
    }
  });
});
