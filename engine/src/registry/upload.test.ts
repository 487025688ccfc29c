import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../content/index.ts';
import { type Descriptor, parseReference } from '../oci/index.ts';
import { HastyClock } from '../testing/clock/manual-clock.ts';
import { type TestAuth, TestRegistry } from '../testing/registry/test-registry.ts';
import { RegistryClient } from './registry-client.ts';
import type { Repository } from './repository.ts';
import type { BlobSource } from './upload.ts';

const PIECE = 1000;
const signal = new AbortController().signal;
const bytes = Buffer.from(Array.from({ length: 2500 }, (_, index) => index % 251));
const blob: Descriptor = {
  mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
  digest: digestOf(bytes),
  size: bytes.byteLength,
};

let client: RegistryClient;
let registry: TestRegistry;

beforeEach(async () => {
  client = new RegistryClient({ clock: new HastyClock(), pieceBytes: PIECE });
  registry = await TestRegistry.start();
});

afterEach(async () => {
  await client[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

const source: BlobSource = async function* (start, end) {
  for (let at = start; at < end; at += 300) yield bytes.subarray(at, Math.min(at + 300, end));
};

function repository(sources: readonly string[] = []): Promise<Repository> {
  const reference = parseReference(`${registry.host}/team/app`);
  return client.open(reference, { actions: 'pull,push', sources }, signal);
}

function uploads(method: string): number {
  return registry.requests.filter((request) => request.method === method).length;
}

describe('a blob', () => {
  it('arrives whole, in pieces when it is large', async () => {
    const sent: number[] = [];
    const context = { sources: [], signal, onProgress: (count: number) => void sent.push(count) };
    expect(await (await repository()).upload(blob, source, context)).toBe('uploaded');
    expect(registry.blobOf('team/app', blob.digest)).toEqual(bytes);
    expect(uploads('PATCH')).toBe(3);
    expect(sent.at(-1)).toBe(bytes.byteLength);
  });

  it('goes in one request when it is small', async () => {
    const small = bytes.subarray(0, 10);
    const descriptor = { ...blob, digest: digestOf(small), size: 10 };
    const context = { sources: [], signal, onProgress: () => undefined };
    await (await repository()).upload(descriptor, source, context);
    expect([uploads('PATCH'), uploads('PUT')]).toEqual([0, 1]);
    expect(registry.blobOf('team/app', descriptor.digest)).toEqual(small);
  });

  it('is mounted when another repository of the registry has it', async () => {
    registry.pushBlob({ ...blob, bytes });
    const context = { sources: ['team/base'], signal, onProgress: () => undefined };
    expect(await (await repository(['team/base'])).upload(blob, source, context)).toBe('mounted');
    expect(uploads('PATCH') + uploads('PUT')).toBe(0);
  });

  it('that is cut on its way goes on where the registry has got to', async () => {
    registry.faults.add({
      path: '/blobs/uploads/',
      fault: { kind: 'cut', afterBytes: 600 },
      after: 2,
      times: 1,
    });
    const context = { sources: [], signal, onProgress: () => undefined };
    await (await repository()).upload(blob, source, context);
    expect(registry.blobOf('team/app', blob.digest)).toEqual(bytes);
  });

  it('is tried again when the registry has a passing problem', async () => {
    registry.faults.add({ path: '/blobs/uploads/', fault: { kind: 'status', status: 503 }, times: 2 });
    const context = { sources: [], signal, onProgress: () => undefined };
    await (await repository()).upload(blob, source, context);
    expect(registry.blobOf('team/app', blob.digest)).toEqual(bytes);
  });

  it('whose file is shorter than it should be is not sent as if it were whole', async () => {
    const short: BlobSource = (start, end) => source(start, Math.min(end, 500));
    const context = { sources: [], signal, onProgress: () => undefined };
    await expect((await repository()).upload(blob, short, context)).rejects.toMatchObject({
      code: expect.stringMatching(/failed-precondition|unavailable/) as string,
    });
    expect(registry.blobOf('team/app', blob.digest)).toBeUndefined();
  });
});

describe('a push without rights', () => {
  it.each<TestAuth>([
    { kind: 'basic', username: 'harbour', password: 'secret' },
    { kind: 'bearer', username: 'harbour', password: 'secret' },
  ])('says to sign in ($kind)', async (auth) => {
    await using locked = await TestRegistry.start(auth);
    const reference = parseReference(`${locked.host}/team/app`);
    const pushing = async (): Promise<unknown> => {
      const place = await client.open(reference, { actions: 'pull,push' }, signal);
      return place.upload(blob, source, { sources: [], signal, onProgress: () => undefined });
    };
    await expect(pushing()).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('a manifest', () => {
  it('is refused while its blobs are missing, and is there under its tag afterwards', async () => {
    const place = await repository();
    const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, config: blob, layers: [] }));
    const document = { bytes: manifest, mediaType: 'application/vnd.oci.image.manifest.v1+json' };
    await expect(place.putManifest('1', document, signal)).rejects.toMatchObject({ code: 'unavailable' });
    await place.upload(blob, source, { sources: [], signal, onProgress: () => undefined });
    expect(await place.putManifest('1', document, signal)).toBe(digestOf(manifest));
    expect(registry.manifestOf('team/app', '1')?.bytes).toEqual(manifest);
  });
});
