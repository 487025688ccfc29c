import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { digestOf } from '../src/content/index.ts';
import { EngineError } from '../src/errors/index.ts';
import { MAX_CONFIG_BYTES, MEDIA_TYPES } from '../src/oci/index.ts';
import type { Snapshotter } from '../src/snapshots/index.ts';
import { ImagesBench } from '../src/testing/images/images-bench.ts';
import { type ArchiveEntries, madeUp, testArchive } from '../src/testing/images/test-archive.ts';
import type { Fault } from '../src/testing/registry/fault.ts';
import {
  stored,
  type StoredBytes,
  testImage,
  type TestImage,
  type TestLayer,
} from '../src/testing/registry/test-image.ts';
import { TestRegistry } from '../src/testing/registry/test-registry.ts';
import { describeReal, RealAgent } from './real-agent.ts';
import { MemoryPeak } from './support/memory.ts';

/** Puts something there that is no image; answers with the name to pull it by. */
type Lure = (registry: TestRegistry) => Promise<string>;

interface Row {
  readonly lure: Lure;
  readonly code: EngineError['code'];
  readonly says: RegExp;
}

const MB = 1024 * 1024;
/** More than any of them takes; less than any of them asks for. */
const MOST_MEMORY = 256 * MB;
const { ociManifest, ociIndex, ociLayerZstd, ociLayerGzip } = MEDIA_TYPES;

/** A manifest, whatever it says, under a tag. */
const document =
  (bytes: StoredBytes): Lure =>
  (registry) => {
    registry.pushManifest('app', '1', bytes);
    return Promise.resolve(`${registry.host}/app:1`);
  };

const edited =
  (edit: (manifest: Record<string, unknown>) => Record<string, unknown>): Lure =>
  async (registry) =>
    registry.push('app', '1', await testImage({ layers: [{ a: 'a' }], editManifest: edit }));

/** A good image whose manifest, config or layer does not arrive as it is. */
const damaged =
  (part: 'manifest' | 'config' | 'layer', fault: Fault): Lure =>
  async (registry) => {
    const image = await testImage({ layers: [{ a: randomBytes(20_000) }] });
    const digests = { manifest: '/manifests/', config: image.config.digest, layer: image.layers[0]!.digest };
    registry.faults.add({ path: digests[part], fault });
    return registry.push('app', '1', image);
  };

const redirected = (location: string): Lure => damaged('layer', { kind: 'redirect', location });

/** An image of this one layer. */
const layered =
  (make: () => Promise<TestLayer> | TestLayer): Lure =>
  async (registry) => {
    const layer = await make();
    const { mediaType, digest, size, diffId } = layer;
    const image: TestImage = await testImage({
      layers: [{ a: 'a' }],
      editConfig: (config) => ({ ...config, rootfs: { type: 'layers', diff_ids: [diffId] } }),
      editManifest: (manifest) => ({ ...manifest, layers: [{ mediaType, digest, size }] }),
    });
    return registry.push('app', '1', { ...image, layers: [layer] });
  };

const tarred = (entries: ArchiveEntries): Lure =>
  layered(async () => {
    const archive = await testArchive(entries);
    return { ...stored(ociLayerGzip, gzipSync(archive)), diffId: digestOf(archive) };
  });

const named =
  (reference: string): Lure =>
  () =>
    Promise.resolve(reference);

/** An index in an index in an index. */
const nested =
  (depth: number): Lure =>
  async (registry) => {
    let inner = (await testImage({ layers: [{ a: 'a' }] })).manifest;
    for (let level = 0; level < depth; level++) {
      registry.pushManifest('app', '1', inner);
      const { mediaType, digest, size } = inner;
      const manifests = [{ mediaType, digest, size, platform: { os: 'linux', architecture: 'amd64' } }];
      inner = madeUp(ociIndex, { schemaVersion: 2, mediaType: ociIndex, manifests });
    }
    return document(inner)(registry);
  };

const artifact = 'application/vnd.cncf.helm.config.v1+json';
const emptyDigest = digestOf('');

const HOSTILE: Readonly<Record<string, Row>> = {
  // Documents that are too much.
  'a manifest without end': {
    lure: damaged('manifest', { kind: 'endless' }),
    code: 'invalid-argument',
    says: /larger than allowed/,
  },
  'a manifest of nothing but brackets': {
    lure: document(stored(ociManifest, Buffer.alloc(3 * MB, '['))),
    code: 'invalid-argument',
    says: /image manifest is not valid/,
  },
  'an index of ten thousand and one images': {
    lure: document(
      madeUp(ociIndex, {
        schemaVersion: 2,
        mediaType: ociIndex,
        manifests: Array<object>(10_001).fill({ mediaType: ociManifest, digest: emptyDigest, size: 0 }),
      }),
    ),
    code: 'invalid-argument',
    says: /image index is not valid/,
  },
  'indexes nested a hundred deep': { lure: nested(100), code: 'invalid-argument', says: /nested too deeply/ },
  'a config of 100 MB': {
    lure: edited((manifest) => ({
      ...manifest,
      config: { ...(manifest['config'] as object), size: 100 * MB },
    })),
    code: 'invalid-argument',
    says: /more bytes than|larger/,
  },
  'a config beyond what is read of one': {
    lure: damaged('config', { kind: 'replace', bytes: Buffer.alloc(MAX_CONFIG_BYTES + 1, ' ') }),
    code: 'invalid-argument',
    says: /more bytes than the image says/,
  },
  // Documents that are two things at once, or not what they say.
  'a manifest that is an index as well': {
    lure: edited((manifest) => ({ ...manifest, manifests: [] })),
    code: 'invalid-argument',
    says: /both a manifest and an index/,
  },
  'a manifest served as an index': {
    lure: async (registry) => {
      const { manifest } = await testImage({ layers: [{ a: 'a' }] });
      return document({ ...manifest, mediaType: ociIndex })(registry);
    },
    code: 'invalid-argument',
    says: /served as .* but says to be/,
  },
  'an artifact': {
    lure: edited((manifest) => ({
      ...manifest,
      config: { ...(manifest['config'] as object), mediaType: artifact },
    })),
    code: 'not-implemented',
    says: /no container image but another kind of artifact/,
  },
  'a digest that is a path': {
    lure: edited((manifest) => ({
      ...manifest,
      layers: [{ mediaType: ociLayerGzip, digest: 'sha256:../../../../etc/passwd', size: 1 }],
    })),
    code: 'invalid-argument',
    says: /image manifest is not valid/,
  },
  'a layer of negative size': {
    lure: edited((manifest) => ({
      ...manifest,
      layers: [{ mediaType: ociLayerGzip, digest: emptyDigest, size: -1 }],
    })),
    code: 'invalid-argument',
    says: /image manifest is not valid/,
  },
  'another config': {
    lure: damaged('config', { kind: 'corrupt' }),
    code: 'invalid-argument',
    says: /other bytes than the image is made of/,
  },
  // Bytes that are not those that were promised.
  'a layer of other bytes, of the right number': {
    lure: damaged('layer', { kind: 'corrupt' }),
    code: 'invalid-argument',
    says: /digest|decompressed|DiffID/,
  },
  'a layer that is longer than it says': {
    lure: damaged('layer', { kind: 'pad', bytes: 4096 }),
    code: 'invalid-argument',
    says: /more bytes than the image says/,
  },
  'a layer without end': {
    lure: damaged('layer', { kind: 'endless' }),
    code: 'invalid-argument',
    says: /more bytes than the image says|decompressed/,
  },
  'a layer that is always cut': {
    lure: damaged('layer', { kind: 'truncate', bytes: 0 }),
    code: 'unavailable',
    says: /sends 0 bytes of a layer/,
  },
  'a layer with another DiffID': {
    lure: layered(() => ({ ...stored(ociLayerGzip, gzipSync(Buffer.alloc(1024))), diffId: emptyDigest })),
    code: 'invalid-argument',
    says: /DiffID/,
  },
  // Bombs.
  'half a megabyte of gzip that becomes half a gigabyte': {
    lure: layered(() => {
      const member = gzipSync(Buffer.alloc(16 * MB));
      return { ...stored(ociLayerGzip, Buffer.concat(Array<Buffer>(32).fill(member))), diffId: emptyDigest };
    }),
    code: 'invalid-argument',
    says: /DiffID/,
  },
  'zstd with a window of two gigabytes': {
    // RFC 8878, 3.1.1: magic, no flags, a window of 2^31 bytes, one raw block that is the last.
    lure: layered(() => {
      const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x09, 0x00, 0x00, 0x61]);
      return { ...stored(ociLayerZstd, frame), diffId: digestOf('a') };
    }),
    code: 'invalid-argument',
    says: /cannot be decompressed/,
  },
  // Archives that would write elsewhere.
  'a file beside the layer': {
    lure: tarred([['../escaped', 'x']]),
    code: 'invalid-argument',
    says: /is refused/,
  },
  'a hard link out of the layer': {
    lure: tarred([['link', { type: 'link', linkname: '../../../../etc/passwd' }]]),
    code: 'invalid-argument',
    says: /is refused/,
  },
  'a file through a link out of the layer': {
    lure: tarred([
      ['out', { type: 'symlink', linkname: '/etc' }],
      ['hard', { type: 'link', linkname: 'out/passwd' }],
    ]),
    code: 'invalid-argument',
    says: /is refused|not a/,
  },
  'a whiteout of the folder above': {
    lure: tarred([['.wh...', '']]),
    code: 'invalid-argument',
    says: /is refused/,
  },
  // Ways that lead elsewhere.
  'a redirect to a file': {
    lure: redirected('file:///etc/passwd'),
    code: 'unavailable',
    says: /no web address/,
  },
  "a redirect to the cloud's metadata": {
    lure: redirected('http://169.254.169.254/latest/meta-data/'),
    code: 'unavailable',
    says: /link-local/,
  },
  'a redirect in a circle': { lure: redirected('?again'), code: 'unavailable', says: /redirects in circles/ },
  'a redirect to nothing': { lure: redirected('http://'), code: 'unavailable', says: /no address/ },
  'a name that is a path': {
    lure: named('../../etc/passwd'),
    code: 'invalid-argument',
    says: /not an image name/,
  },
};

describeReal('a hostile registry is refused in plain words, in bounded memory, and leaves nothing:', () => {
  let agent: RealAgent;
  let bench: ImagesBench<Snapshotter>;
  let registry: TestRegistry;

  beforeAll(async () => {
    agent = await RealAgent.open();
  });
  afterAll(() => agent[Symbol.asyncDispose]());
  beforeEach(async () => {
    bench = await ImagesBench.open({ snapshotter: agent.snapshotter });
    registry = await TestRegistry.start();
  });
  afterEach(async () => {
    await registry[Symbol.asyncDispose]();
    await bench[Symbol.asyncDispose]();
  });

  /** Nothing unverified at once; and nothing at all when the failed pull is given up. */
  async function expectNothingLeft(code: EngineError['code']): Promise<void> {
    const { folder, images, snapshotter } = bench;
    const layers = join(agent.dataDir, 'agent/layers');
    // What was cut may be gone on with; what is wrong is gone.
    if (code === 'invalid-argument') expect(await readdir(folder.ingestDirectory)).toEqual([]);
    expect(await readdir(join(layers, 'tmp'))).toEqual([]);
    expect(await images.list()).toEqual([]);
    const { signal } = new AbortController();
    for (const { id } of await images.pulls()) await images.dropPull({ pull: id }, { signal });
    await images.collectGarbage();
    expect(await snapshotter.list({ signal })).toEqual([]);
    expect(await readdir(folder.ingestDirectory)).toEqual([]);
    expect(await readdir(join(folder.contentDirectory, 'blobs/sha256'))).toEqual([]);
  }

  it.each(Object.entries(HOSTILE))(
    '%s',
    async (_, { lure, code, says }) => {
      const reference = await lure(registry);
      const [test = 0, unpacking = 0] = await (await MemoryPeak.since([process.pid, agent.pid])).bytes();
      const memory = await MemoryPeak.since([process.pid, agent.pid]);
      const refusal: unknown = await bench.pull(reference).catch((thrown: unknown) => thrown);
      expect(refusal).toBeInstanceOf(EngineError);
      expect(refusal).toMatchObject({ code, message: expect.stringMatching(says) as string });
      const [testPeak = 0, unpackingPeak = 0] = await memory.bytes();
      expect(testPeak - test).toBeLessThan(MOST_MEMORY);
      expect(unpackingPeak - unpacking).toBeLessThan(MOST_MEMORY);
      await expectNothingLeft(code);
    },
    60_000,
  );
});
