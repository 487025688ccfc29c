import {
  stored,
  storedJson,
  testImage,
  type TestImage,
  type TestLayer,
  testLayer,
  TestRegistry,
} from '@longshore/engine/testing';
import { connectToEngine } from '@longshore/engine/host';
import { createClient, contract } from '@longshore/engine/contract';
import { expect, test } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type ServedEngine, serveEngine } from '../fixtures/engine.ts';
import { gzippedLayer, type HostileEntry, hostileLayer } from '../fixtures/hostile-layer.ts';

/**
 * A registry that lies, breaks off or refuses: the person is told in words, nothing of it stays, and the same pull
 * works as soon as the registry behaves.
 */

let engine: ServedEngine;
let registry: TestRegistry;
let busybox: Buffer;

test.beforeAll(async () => {
  busybox = await readFile('/bin/busybox');
  engine = await serveEngine();
});

test.beforeEach(async () => {
  registry = await TestRegistry.start();
});

test.afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  const images = (await engine.cli.must('images', '-q', '--no-trunc')).split('\n').filter(Boolean);
  for (const image of images) await engine.cli.must('rmi', '-f', image);
});

test.afterAll(async () => {
  await engine[Symbol.asyncDispose]();
});

interface Lie {
  readonly what: string;
  /** Puts the image there, damaged; what mends the registry is the answer. */
  readonly tell: () => Promise<() => void>;
  readonly says: RegExp;
}

const lies: readonly Lie[] = [
  {
    what: 'other bytes than the digest says',
    tell: async () => {
      const image = await honestImage('application/vnd.oci.image.layer.v1.tar');
      registry.push('app', 'latest', image);
      registry.faults.add({ path: layerOf(image).digest, fault: { kind: 'corrupt' } });
      return () => registry.faults.clear();
    },
    says: /do not match its digest/,
  },
  {
    what: 'more bytes than the manifest says',
    tell: async () => {
      const image = await honestImage();
      registry.push('app', 'latest', image);
      registry.faults.add({ path: layerOf(image).digest, fault: { kind: 'pad', bytes: 4096 } });
      return () => registry.faults.clear();
    },
    says: /bytes/,
  },
  {
    what: 'a layer whose gzip is broken',
    tell: () =>
      tellImage(async () => withLayer(damaged(await hostileLayer([{ name: 'a', content: noise() }])))),
    says: /cannot be decompressed/,
  },
  {
    what: 'a config with another DiffID',
    tell: () =>
      tellImage(async () =>
        withLayer({ ...(await testLayer({ a: 'a' })), diffId: stored('', noise()).digest }),
      ),
    says: /DiffID/,
  },
  {
    what: 'a layer that is no tar',
    tell: () => tellImage(() => withLayer(gzippedLayer(Buffer.from('certainly no archive, '.repeat(100))))),
    says: /tar archive/,
  },
  {
    what: 'a layer with ../../x',
    tell: () => tellEntries([{ name: '../../x', content: 'out' }]),
    says: /"\.\.\/\.\.\/x" is refused/,
  },
  {
    what: 'a layer that hides ../x behind a folder',
    tell: () => tellEntries([{ name: 'a/../../x', content: 'out' }]),
    says: /is refused/,
  },
  {
    what: 'a hard link that leaves the layer',
    tell: () => tellEntries([{ name: 'passwd', type: 'link', linkname: '../../../../etc/passwd' }]),
    says: /is refused/,
  },
  {
    what: "a hard link to the machine's own file",
    tell: () => tellEntries([{ name: 'shadow', type: 'link', linkname: '/etc/shadow' }]),
    says: /is refused|shadow/,
  },
  {
    what: 'a manifest of which a layer is missing',
    tell: async () => {
      const image = await honestImage();
      registry.pushManifest('app', 'latest', image.manifest);
      registry.pushBlob(image.config);
      return () => registry.pushBlob(layerOf(image));
    },
    says: /lacks a part of .*app/,
  },
  {
    what: 'a manifest that is no JSON',
    tell: () => tellReplaced(Buffer.from('<html>welcome to the hotel network</html>')),
    says: /manifest|JSON/i,
  },
  {
    what: 'a config that is no config',
    tell: () =>
      tellImage(async () => {
        const image = await honestImage();
        const config = storedJson('application/vnd.oci.image.config.v1+json', ['not', 'a', 'config']);
        const { mediaType, digest, size } = config;
        const manifest = JSON.parse(Buffer.from(image.manifest.bytes).toString()) as Record<string, unknown>;
        return {
          ...image,
          config,
          manifest: storedJson(image.manifest.mediaType, {
            ...manifest,
            config: { mediaType, digest, size },
          }),
        };
      }),
    says: /config/,
  },
];

for (const { what, tell, says } of lies) {
  test(`${what}: refused, and nothing stays`, async () => {
    const mend = await tell();
    await expectRefusal(says);
    mend();
    await expectPull();
  });
}

test('a registry that is cut off in the middle: a later pull goes on where it was', async () => {
  const image = await honestImage();
  const { digest, size } = layerOf(image);
  const half = size >> 1;
  registry.push('app', 'latest', image);
  registry.faults.add({ path: digest, fault: { kind: 'cut', afterBytes: half }, times: 1 });
  registry.faults.add({ path: digest, fault: { kind: 'reset' } });
  await expectRefusal(/connection .* interrupted/);
  const asked = registry.count(digest);
  expect(asked).toBeGreaterThan(2);
  expect(asked).toBeLessThan(20);

  registry.faults.clear();
  registry.requests.length = 0;
  await expectPull();
  const ranges = registry.requests
    .filter(({ path }) => path.includes(digest))
    .map(({ headers }) => headers.range);
  expect(ranges).toEqual([expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
});

test('a registry that is cut off again and again, but goes on: one pull bears it', async () => {
  const image = await honestImage();
  const { digest, size } = layerOf(image);
  registry.push('app', 'latest', image);
  registry.faults.add({ path: digest, fault: { kind: 'cut', afterBytes: size >> 2 }, times: 3 });
  await expectPull();
});

test('links in a layer lead to places in the container, never on the machine', async () => {
  const outside = await mkdtemp(path.join(os.tmpdir(), 'longshore-outside-'));
  try {
    const layer = await hostileLayer([
      { name: 'bin/busybox', content: busybox },
      { name: 'absolute', type: 'symlink', linkname: outside },
      { name: 'absolute/first', content: 'first' },
      { name: 'climbing', type: 'symlink', linkname: `../../../../../..${outside}` },
      { name: 'climbing/second', content: 'second' },
      { name: 'proc-link', type: 'symlink', linkname: '/proc/self/root' },
      { name: `proc-link${outside}/third`, content: 'third' },
    ]);
    registry.push('app', 'latest', await withLayer(layer));
    const result = await engine.cli.run(['pull', reference()]);
    expect(await readdir(outside)).toEqual([]);
    expect(result).toMatchObject({ code: 0 });
    const seen = await engine.cli.must('run', '--rm', reference(), '/bin/busybox', 'ls', outside);
    expect(seen.split('\n')).toEqual(['first', 'second']);
  } finally {
    await rm(outside, { recursive: true, force: true });
  }
});

interface Refusing {
  readonly what: string;
  readonly status: number;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly says: RegExp;
}

const refusals: readonly Refusing[] = [
  {
    what: 'a token that the registry does not take',
    status: 401,
    headers: { 'www-authenticate': 'Bearer realm="http://REGISTRY/token",service="test"' },
    says: /does not exist, or it is private[\s\S]*sign in/,
  },
  { what: 'a repository that is forbidden', status: 403, code: 'DENIED', says: /private/ },
  { what: 'an image that is not there', status: 404, code: 'MANIFEST_UNKNOWN', says: /There is no image/ },
  {
    what: 'a limit of pulls',
    status: 429,
    code: 'TOOMANYREQUESTS',
    headers: { 'retry-after': '3600' },
    says: /limits how often[\s\S]*60 minutes/,
  },
  { what: 'a registry with trouble', status: 503, says: /has a problem \(HTTP 503\)[\s\S]*later/ },
];

for (const { what, status, code, headers = {}, says } of refusals) {
  test(`${what}: told in words, and the pull works when it has passed`, async () => {
    registry.push('app', 'latest', await honestImage());
    const told = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('REGISTRY', registry.host)]),
    );
    registry.faults.add({
      path: '/manifests/',
      fault: { kind: 'status', status, headers: told, ...(code !== undefined && { code }) },
    });
    await expectRefusal(says);
    registry.faults.clear();
    await expectPull();
  });
}

test('a short trouble is waited out', async () => {
  registry.push('app', 'latest', await honestImage());
  registry.faults.add({ path: '/manifests/', fault: { kind: 'status', status: 503 }, times: 1 });
  registry.faults.add({
    path: '/manifests/',
    fault: { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
    times: 1,
  });
  await expectPull();
});

for (const kind of ['basic', 'bearer'] as const) {
  test(`a private registry (${kind}): strangers and wrong passwords are told apart, the right one pulls`, async () => {
    await registry[Symbol.asyncDispose]();
    registry = await TestRegistry.start({ kind, username: 'ana', password: 'right' });
    registry.push('app', 'latest', await honestImage());
    await expectRefusal(/private[\s\S]*sign in/);

    const wrong = await pullAs({ username: 'ana', password: 'wrong-secret' });
    expect(wrong).toMatch(/does not accept this user name and password/);
    expect(wrong).not.toContain('wrong-secret');
    expect(engine.serving.stderr + engine.serving.stdout).not.toContain('wrong-secret');
    await expectNothingStays();
    expect(await pullAs({ username: 'ana', password: 'right' })).toBe('done');
    expect(await engine.cli.must('images')).toContain('app');
  });
}

/** The command line has no sign-in; the window has. */
async function pullAs(credentials: { username: string; password: string }): Promise<string> {
  const channel = await connectToEngine(engine.folders.run);
  const client = createClient(contract, channel);
  try {
    let stage = '';
    for await (const progress of client.images.pull({ reference: reference(), credentials }))
      stage = progress.stage;
    return stage;
  } catch (thrown) {
    return String(thrown);
  } finally {
    channel.close();
  }
}

function reference(): string {
  return `${registry.host}/app:latest`;
}

async function expectRefusal(says: RegExp): Promise<void> {
  const { code, stderr } = await engine.cli.run(['pull', reference()]);
  expect(stderr).toMatch(says);
  expect(stderr).toMatch(/^longshore: /);
  expect(stderr).not.toMatch(/undefined|\[object|\n\s+at /);
  expect(code).toBe(1);
  await expectNothingStays();
}

async function expectNothingStays(): Promise<void> {
  expect(await engine.cli.must('images', '-q')).toBe('');
  await expect.poll(() => layersOnDisk()).toEqual([]);
}

/** The registry is whole again: the same command brings an image that runs, and leaves no half download. */
async function expectPull(): Promise<void> {
  const { code, stderr } = await engine.cli.run(['pull', reference()]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(await engine.cli.must('run', '--rm', reference(), '/bin/busybox', 'echo', 'ahoy')).toBe('ahoy');
  expect(await readdir(path.join(engine.folders.data, 'engine/ingest'))).toEqual([]);
}

/** Layers, and what the agent unpacks or has yet to throw away. */
async function layersOnDisk(): Promise<readonly string[]> {
  const folder = path.join(engine.folders.data, 'agent/layers');
  const entries = await readdir(folder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const inside = await Promise.all(
    folders.map(async (name) => (/^[0-9a-f]{64}$/.test(name) ? [name] : readdir(path.join(folder, name)))),
  );
  return inside.flat();
}

/** With noise in it, so that it is new to the engine and does not compress to nothing. */
function honestImage(layerType?: string): Promise<TestImage> {
  return withLayer(testLayer({ 'bin/busybox': busybox, noise: noise() }, layerType));
}

async function withLayer(layer: TestLayer | Promise<TestLayer>): Promise<TestImage> {
  const made = await layer;
  const image = await testImage({
    layers: [],
    editConfig: (config) => ({
      ...config,
      rootfs: { type: 'layers', diff_ids: [made.diffId] },
      history: [{ created_by: 'test' }],
    }),
    editManifest: (manifest) => ({
      ...manifest,
      layers: [{ mediaType: made.mediaType, digest: made.digest, size: made.size }],
    }),
  });
  return { ...image, layers: [made] };
}

async function tellImage(make: () => Promise<TestImage>): Promise<() => void> {
  const [bad, good] = [await make(), await honestImage()];
  registry.push('app', 'latest', bad);
  return () => registry.push('app', 'latest', good);
}

function tellEntries(entries: readonly HostileEntry[]): Promise<() => void> {
  return tellImage(async () => withLayer(hostileLayer([{ name: 'innocent', content: 'a' }, ...entries])));
}

async function tellReplaced(bytes: Uint8Array): Promise<() => void> {
  registry.push('app', 'latest', await honestImage());
  registry.faults.add({ path: '/manifests/', fault: { kind: 'replace', bytes } });
  return () => registry.faults.clear();
}

function damaged(layer: TestLayer): TestLayer {
  const bytes = layer.bytes.map((byte, index) => (index > layer.size >> 1 ? byte ^ 0x55 : byte));
  return { ...layer, ...stored(layer.mediaType, bytes) };
}

function layerOf(image: TestImage): TestLayer {
  const [layer] = image.layers;
  if (layer === undefined) throw new Error('an image without a layer');
  return layer;
}

function noise(): Buffer {
  return randomBytes(256 * 1024);
}
