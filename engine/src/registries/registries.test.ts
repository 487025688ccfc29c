import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DockerConfig, Keyring, PLAIN_VAULT, SignIns } from '../credentials/index.ts';
import { RegistryClient } from '../registry/index.ts';
import { HastyClock } from '../testing/clock/manual-clock.ts';
import { testImage } from '../testing/registry/test-image.ts';
import { TestRegistry } from '../testing/registry/test-registry.ts';
import { hostOf } from './host.ts';
import { Registries } from './registries.ts';
import { SettingsStore } from './settings-store.ts';

const person = { username: 'harbour', password: 'secret' };
const context = { signal: new AbortController().signal };

let folder: string;
let hub: Server;
let client: RegistryClient;
let registries: Registries;
let signIns: SignIns;
const asked: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-registries-'));
  hub = createServer((request, response) => {
    asked.push(request.url ?? '');
    const found = { name: 'debian', description: 'A system', star_count: 9, is_official: true };
    response.end(JSON.stringify({ results: [found, { name: 'me/debian', description: null }] }));
  });
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  const hubIndex = new URL(`http://127.0.0.1:${(hub.address() as AddressInfo).port}/`);
  client = new RegistryClient({ clock: new HastyClock(), hubIndex });
  signIns = new SignIns(await Keyring.open(join(folder, 'ours'), PLAIN_VAULT), new DockerConfig(folder));
  const settings = await SettingsStore.open(join(folder, 'settings'));
  registries = new Registries({ registry: client, signIns, settings });
});

afterEach(async () => {
  asked.length = 0;
  await client[Symbol.asyncDispose]();
  hub.closeAllConnections();
  await new Promise((resolve) => hub.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

describe('signing in', () => {
  it('is kept once the registry has accepted it, and forgotten on demand', async () => {
    await using registry = await TestRegistry.start({ kind: 'bearer', ...person });
    const request = { registry: `http://${registry.host}/v2/`, ...person, insecure: false, keep: true };
    await registries.handlers.signIn(request, context);
    expect(await registries.handlers.list({}, context)).toEqual([
      { registry: registry.host, username: 'harbour', source: 'longshore' },
    ]);
    await registries.handlers.signOut({ registry: registry.host }, context);
    expect(await registries.handlers.list({}, context)).toEqual([]);
    await expect(registries.handlers.signOut({ registry: registry.host }, context)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it.each([{ kind: 'basic' } as const, { kind: 'bearer' } as const])(
    'with a wrong password keeps nothing ($kind)',
    async ({ kind }) => {
      await using registry = await TestRegistry.start({ kind, ...person });
      const request = {
        registry: registry.host,
        username: 'harbour',
        password: 'wrong',
        insecure: false,
        keep: true,
      };
      await expect(registries.handlers.signIn(request, context)).rejects.toMatchObject({
        code: 'unauthenticated',
      });
      expect(await registries.handlers.list({}, context)).toEqual([]);
    },
  );

  it.each([
    ['https://index.docker.io/v1/', 'docker.io'],
    ['registry-1.docker.io', 'docker.io'],
    ['GHCR.io/', 'ghcr.io'],
    ['localhost:5000', 'localhost:5000'],
    ['[::1]:5000', '[::1]:5000'],
  ])('%s is %s', (text, host) => {
    expect(hostOf(text)).toBe(host);
  });

  it.each(['', ' ', 'a b', 'a/../b c', '-x', 'a:port', '$(id)'])('%j is no registry', (text) => {
    expect(() => hostOf(text === 'a/../b c' ? 'a b/c' : text)).toThrow(/no registry/);
  });
});

describe('a search', () => {
  it('without a host asks Docker Hub', async () => {
    const found = await registries.handlers.search({ term: 'deb ian', limit: 5, insecure: false }, context);
    expect(asked).toEqual(['/v1/search?q=deb+ian&n=5']);
    expect(found).toEqual([
      { name: 'debian', description: 'A system', stars: 9, official: true },
      { name: 'me/debian', description: '', stars: 0, official: false },
    ]);
  });

  it('of another registry looks through its repositories', async () => {
    await using registry = await TestRegistry.start({ kind: 'bearer', ...person });
    const image = await testImage({ layers: [{ a: 'x' }] });
    for (const name of ['team/app', 'team/other', 'more/app-two']) registry.push(name, '1', image);
    await signIns.save(registry.host, person.username, person.password);
    const search = { term: `${registry.host}/app`, limit: 25, insecure: false };
    const names = (await registries.handlers.search(search, context)).map(({ name }) => name);
    expect(names.sort()).toEqual([`${registry.host}/more/app-two`, `${registry.host}/team/app`]);
  });

  it('of a registry that keeps its catalog to itself says so', async () => {
    await using registry = await TestRegistry.start();
    registry.faults.add({ path: '/_catalog', fault: { kind: 'status', status: 404 } });
    const search = { term: `${registry.host}/app`, limit: 25, insecure: false };
    await expect(registries.handlers.search(search, context)).rejects.toMatchObject({
      code: 'not-implemented',
    });
  });
});

describe('the tags of a repository', () => {
  it('are listed over all pages', async () => {
    await using registry = await TestRegistry.start();
    const image = await testImage({ layers: [{ a: 'x' }] });
    for (const tag of ['1', '2', '3']) registry.push('team/app', tag, image);
    const request = { repository: `${registry.host}/team/app`, insecure: false, limit: 10 };
    expect([...(await registries.handlers.tags(request, context))].sort()).toEqual(['1', '2', '3']);
    expect(registry.count('/tags/list')).toBe(2);
    expect(await registries.handlers.tags({ ...request, limit: 1 }, context)).toHaveLength(1);
  });
});
