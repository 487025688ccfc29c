import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseReference, withDefaultTag } from '../oci/index.ts';
import { HastyClock } from '../testing/clock/manual-clock.ts';
import { testImage, type TestImage } from '../testing/registry/test-image.ts';
import { type TestAuth, TestRegistry } from '../testing/registry/test-registry.ts';
import { type RegistryAccess, RegistryClient } from './registry-client.ts';

let client: RegistryClient;
let clock: HastyClock;
let image: TestImage;
const closing: AsyncDisposable[] = [];
const signal = new AbortController().signal;

beforeEach(async () => {
  clock = new HastyClock();
  client = new RegistryClient({ clock, timeouts: { headersMs: 2000, idleMs: 2000 } });
  image = await testImage({ layers: [{ a: 'content' }] });
});

afterEach(async () => {
  await client[Symbol.asyncDispose]();
  for (const item of closing.splice(0)) await item[Symbol.asyncDispose]();
});

async function registry(auth?: TestAuth): Promise<TestRegistry> {
  const started = await TestRegistry.start(auth);
  closing.push(started);
  started.push('team/app', '1', image);
  return started;
}

async function manifestOf(domain: string, name = 'team/app:1', access: RegistryAccess = {}): Promise<string> {
  const reference = withDefaultTag(parseReference(`${domain}/${name}`));
  const repository = await client.open(reference, access, signal);
  const { bytes } = await repository.manifest(reference.tag ?? '', signal);
  return new TextDecoder().decode(bytes);
}

describe('a registry', () => {
  it('on this machine may speak plain HTTP', async () => {
    const { host } = await registry();
    expect(JSON.parse(await manifestOf(host))).toMatchObject({ schemaVersion: 2 });
  });

  it('gives anyone a token when it wants one', async () => {
    const { host, requests } = await registry({ kind: 'bearer' });
    await manifestOf(host);
    const token = requests.find(({ path }) => path.startsWith('/token'));
    expect(token?.path).toContain('service=test+registry');
    expect(token?.path).toContain('scope=repository%3Ateam%2Fapp%3Apull');
    expect(token?.headers.authorization).toBeUndefined();
  });

  it('is told the user name and password only where it asks for them', async () => {
    const person = { username: 'harbour', password: 'secret' };
    for (const kind of ['basic', 'bearer'] as const) {
      const { host, requests } = await registry({ kind, ...person });
      await manifestOf(host, 'team/app:1', { credentials: person });
      expect(requests[0]?.headers.authorization).toBeUndefined();
      const told = requests.filter(({ headers }) => headers.authorization?.startsWith('Basic'));
      expect(told.every(({ path }) => (kind === 'bearer' ? path.startsWith('/token') : true))).toBe(true);
      expect(told.length).toBeGreaterThan(0);
    }
  });

  it.each([{ kind: 'basic' } as const, { kind: 'bearer' } as const])(
    'says no to the wrong password ($kind)',
    async ({ kind }) => {
      const { host } = await registry({ kind, username: 'harbour', password: 'secret' });
      const wrong = manifestOf(host, 'team/app:1', {
        credentials: { username: 'harbour', password: 'wrong' },
      });
      await expect(wrong).rejects.toMatchObject({
        code: 'unauthenticated',
        hint: expect.any(String) as string,
      });
      await expect(wrong).rejects.not.toThrow('wrong');
      await expect(manifestOf(host)).rejects.toMatchObject({ code: 'unauthenticated' });
    },
  );

  it('that does not know the image or the tag says which', async () => {
    const { host } = await registry();
    await expect(manifestOf(host, 'nothing:1')).rejects.toMatchObject({
      code: 'not-found',
      message: `There is no image ${host}/nothing.`,
    });
    await expect(manifestOf(host, 'team/app:2')).rejects.toMatchObject({
      code: 'not-found',
      message: `There is no image ${host}/team/app:2.`,
    });
  });

  it('that has a passing problem is asked again', async () => {
    const { host, faults, count } = await registryWithCount();
    faults.add({ path: '/manifests/', fault: { kind: 'status', status: 503 }, times: 2 });
    await manifestOf(host);
    expect(count('/manifests/')).toBe(3);
    expect(clock.slept).toHaveLength(2);
  });

  it('that stays broken is given up', async () => {
    const { host, faults, count } = await registryWithCount();
    faults.add({ path: '/manifests/', fault: { kind: 'reset' } });
    await expect(manifestOf(host)).rejects.toMatchObject({ code: 'unavailable' });
    expect(count('/manifests/')).toBe(4);
  });

  it('that limits us is waited for as long as it says, unless that is long', async () => {
    const { host, faults } = await registryWithCount();
    const limit = (seconds: string) =>
      ({
        kind: 'status',
        status: 429,
        code: 'TOOMANYREQUESTS',
        headers: { 'retry-after': seconds },
      }) as const;
    faults.add({ path: '/manifests/', fault: limit('2'), times: 1 });
    await manifestOf(host);
    expect(clock.slept).toEqual([2000]);
    faults.add({ path: '/manifests/', fault: limit('3600') });
    await expect(manifestOf(host)).rejects.toMatchObject({
      code: 'unavailable',
      hint: 'Wait 60 minutes, or sign in: signed-in users may pull more.',
    });
  });

  it('that is not there is said to be so', async () => {
    const gone = await TestRegistry.start();
    const { host } = gone;
    await gone[Symbol.asyncDispose]();
    await expect(manifestOf(host)).rejects.toMatchObject({
      code: 'unavailable',
      detail: { errno: 'ECONNREFUSED' },
    });
    await expect(manifestOf('registry.invalid')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('that is a web server of another kind is said to be so', async () => {
    const server = createServer((_request, response) => response.writeHead(404).end('<html>'));
    await listening(server);
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(manifestOf(host)).rejects.toMatchObject({ message: `${host} is not a container registry.` });
  });

  it('that sends a manifest without end is cut off', async () => {
    const { host, faults } = await registryWithCount();
    faults.add({ path: '/manifests/', fault: { kind: 'replace', bytes: new Uint8Array(5 * 1024 * 1024) } });
    await expect(manifestOf(host)).rejects.toMatchObject({
      code: 'invalid-argument',
      detail: { step: 'size' },
    });
  });
});

describe('a redirect', () => {
  it('to another host gets no credentials, and cannot ask for them', async () => {
    const person = { username: 'harbour', password: 'secret' };
    const trusted = await registry({ kind: 'basic', ...person });
    const other = await registry({ kind: 'bearer', ...person });
    trusted.faults.add({
      path: '/blobs/',
      fault: { kind: 'redirect', location: `http://${other.host}/v2/team/app/blobs/${image.config.digest}` },
    });
    const reference = parseReference(`${trusted.host}/team/app:1`);
    const repository = await client.open(reference, { credentials: person }, signal);
    await expect(repository.smallBlob(image.config, 10_000, signal)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    expect(other.requests.length).toBe(1);
    expect(other.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('brings the content from where it is', async () => {
    const from = await registry({ kind: 'bearer' });
    const to = await registry();
    const location = `http://${to.host}/v2/team/app/blobs/${image.config.digest}`;
    from.faults.add({ path: '/blobs/', fault: { kind: 'redirect', location } });
    const repository = await client.open(parseReference(`${from.host}/team/app:1`), {}, signal);
    const bytes = await repository.smallBlob(image.config, 10_000, signal);
    expect(Buffer.from(bytes).equals(image.config.bytes)).toBe(true);
    expect(to.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('in a circle ends', async () => {
    const { host, faults } = await registryWithCount();
    faults.add({ path: '/manifests/', fault: { kind: 'redirect', location: '/v2/team/app/manifests/1' } });
    await expect(manifestOf(host)).rejects.toThrow('circles');
  });
});

describe('a part of a blob', () => {
  async function read(registryUnderTest: TestRegistry, offset: number) {
    const repository = await client.open(parseReference(`${registryUnderTest.host}/team/app:1`), {}, signal);
    const blob = await repository.blob(image.layers[0]!, offset, signal);
    const chunks: Uint8Array[] = [];
    for await (const chunk of blob.bytes) chunks.push(chunk);
    return { offset: blob.offset, bytes: Buffer.concat(chunks) };
  }

  it('begins where it was asked for', async () => {
    const { offset, bytes } = await read(await registry(), 10);
    expect(offset).toBe(10);
    expect(bytes.equals(image.layers[0]!.bytes.subarray(10))).toBe(true);
  });

  it('begins at the start when the registry has no parts, or denies that one', async () => {
    const withoutRange = await registry();
    withoutRange.faults.add({ path: '/blobs/', fault: { kind: 'no-range' } });
    expect((await read(withoutRange, 10)).offset).toBe(0);
    expect((await read(await registry(), image.layers[0]!.size)).offset).toBe(0);
  });
});

describe('an abort', () => {
  it('ends a request that is not answered', async () => {
    const server = createServer(() => undefined);
    await listening(server);
    const abort = new AbortController();
    server.once('request', () => abort.abort());
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const opening = client.open(parseReference(`${host}/a:1`), {}, abort.signal);
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
  });
});

async function registryWithCount() {
  const started = await registry();
  return { host: started.host, faults: started.faults, count: (part: string) => started.count(part) };
}

async function listening(server: Server): Promise<void> {
  closing.push({
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}
