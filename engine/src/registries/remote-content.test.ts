import { afterEach, beforeEach, expect, it } from 'vitest';
import { digestHex, MEDIA_TYPES } from '../oci/index.ts';
import { RegistryClient } from '../registry/index.ts';
import { HastyClock } from '../testing/clock/manual-clock.ts';
import { storedJson, testImage, testIndex, type TestImage } from '../testing/registry/test-image.ts';
import { TestRegistry } from '../testing/registry/test-registry.ts';
import { RemoteContent } from './remote-content.ts';

const { signal } = new AbortController();
const SIGNATURE = 'application/vnd.example.signature';

let registry: TestRegistry;
let client: RegistryClient;
let content: RemoteContent;
let image: TestImage;
let reference: string;

beforeEach(async () => {
  registry = await TestRegistry.start();
  client = new RegistryClient({ clock: new HastyClock() });
  const signIns = { find: () => Promise.resolve(null) };
  content = new RemoteContent({ registry: client, signIns });
  image = await testImage({ layers: [{ a: 'a' }] });
  reference = registry.push('team/app', '1', image);
});

afterEach(async () => {
  await client[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

it('a manifest is told byte for byte, an index with its platforms', async () => {
  const told = await content.manifest({ reference, insecure: false }, signal);
  const { digest } = image.manifest;
  expect(told).toMatchObject({ kind: 'image', digest, platforms: [], reference: `${reference}@${digest}` });
  expect(told.document).toBe(Buffer.from(image.manifest.bytes).toString());
  registry.pushManifest('team/app', 'all', testIndex([image]));
  const index = await content.manifest(
    { reference: `${registry.host}/team/app:all`, insecure: false },
    signal,
  );
  const platform = { os: 'linux', architecture: 'amd64' };
  expect(index).toMatchObject({ kind: 'index', platforms: [{ platform, digest }] });
});

it('referrers are found by the tag where the registry has no API for them', async () => {
  const ask = (artifactType?: string) =>
    content.referrers(
      { reference, insecure: false, limit: 10, ...(artifactType !== undefined && { artifactType }) },
      signal,
    );
  expect(await ask()).toEqual([]);
  const { mediaType, digest, size } = image.manifest;
  const manifests = [{ mediaType, digest, size, artifactType: SIGNATURE, annotations: { by: 'harbour' } }];
  const index = storedJson(MEDIA_TYPES.ociIndex, {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.ociIndex,
    manifests,
  });
  registry.pushManifest('team/app', `sha256-${digestHex(digest)}`, index);
  const found = {
    digest,
    mediaType,
    artifactType: SIGNATURE,
    sizeBytes: size,
    annotations: { by: 'harbour' },
  };
  expect(await ask()).toEqual([found]);
  expect(await ask(SIGNATURE)).toEqual([found]);
  expect(await ask('application/vnd.example.other')).toEqual([]);
});

it('a registry that does not delete says so', async () => {
  const refused = { kind: 'status', status: 405, code: 'UNSUPPORTED' } as const;
  registry.faults.add({ path: `/manifests/${image.manifest.digest}`, fault: refused });
  const deleting = content.delete({ reference, insecure: false }, signal);
  await expect(deleting).rejects.toMatchObject({ code: 'not-implemented', detail: { step: 'delete' } });
});

it('a reached limit is told with its numbers', async () => {
  const headers = {
    'ratelimit-limit': '100;w=21600',
    'retry-after': new Date(Date.now() + 3_600_000).toUTCString(),
  };
  registry.faults.add({ path: '/manifests/', fault: { kind: 'status', status: 429, headers } });
  await expect(content.manifest({ reference, insecure: false }, signal)).rejects.toMatchObject({
    message: expect.stringContaining('100 pulls in 6 hours') as string,
    hint: expect.stringMatching(/^Wait 60 minutes, or sign in/) as string,
  });
});
