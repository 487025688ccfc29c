import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../src/clock.ts';
import { parseReference } from '../src/oci/index.ts';
import { CertificateFolders, DEFAULT_SETTINGS, RegistryClient } from '../src/registry/index.ts';
import { ImagesBench } from '../src/testing/images/images-bench.ts';
import { testImage, type TestImage } from '../src/testing/registry/test-image.ts';
import type { RegistryPolicy, RegistryProxy, RegistrySettings } from '../src/types/index.ts';
import { describeReal } from './real-agent.ts';
import { DockerRegistry } from './support/docker-registry.ts';
import { TunnelProxy } from './support/proxy.ts';
import { Authority } from './support/tls.ts';

const run = promisify(execFile);
const PROGRAMS = ['docker-registry', 'skopeo', 'openssl'];
const { signal } = new AbortController();

describeReal('reaching docker-registry', reaching, PROGRAMS);

/** Registries behind TLS of their own, behind client certificates and behind proxies. */
function reaching(): void {
  let folder: string;
  let certificates: string;
  let authority: Authority;
  let server: Awaited<ReturnType<Authority['vouchFor']>>;
  let settings: RegistrySettings;
  let client: RegistryClient;
  let bench: ImagesBench;
  let image: TestImage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-access-'));
    authority = await Authority.make(folder);
    server = await authority.vouchFor('registry', ['IP:127.0.0.1', 'DNS:registry.test']);
    image = await testImage({ layers: [{ a: randomBytes(100_000) }] });
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  beforeEach(async () => {
    settings = DEFAULT_SETTINGS;
    certificates = await mkdtemp(join(folder, 'certs.d-'));
    const current = {
      get current(): RegistrySettings {
        return settings;
      },
    };
    const trust = new CertificateFolders([certificates]);
    client = new RegistryClient({ clock: systemClock, trust, settings: current });
    bench = await ImagesBench.open({ registry: client });
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await bench[Symbol.asyncDispose]();
    await client[Symbol.asyncDispose]();
  });

  /** As skopeo pushes it, which was told to believe the registry. */
  async function skopeoPushes(host: string, ...flags: readonly string[]): Promise<string> {
    await using plain = await DockerRegistry.start();
    const from = await plain.push('origin/app', '1', image);
    const reference = `${host}/team/app:1`;
    const copy = ['--insecure-policy', 'copy', '--src-tls-verify=false', ...flags];
    await run('skopeo', [...copy, `docker://${from}`, `docker://${reference}`]);
    return reference;
  }

  const done = () => ({ stage: 'done', manifestDigest: image.manifest.digest });

  async function push(reference: string): Promise<unknown> {
    let last: unknown;
    const request = { reference, insecure: false, background: false, credentials: undefined };
    for await (const progress of bench.images.push(request, { signal })) last = progress;
    return last;
  }

  async function trust(host: string, name: string, from: string): Promise<void> {
    await mkdir(join(certificates, host), { recursive: true });
    await copyFile(from, join(certificates, host, name));
  }

  function say(policy: Partial<RegistryPolicy> & Pick<RegistryPolicy, 'registry'>): void {
    settings = { ...settings, registries: [{ mirrors: [], insecure: false, ...policy }] };
  }

  it('over TLS of a private authority works both ways once that is in certs.d', async () => {
    await using registry = await DockerRegistry.start({ tls: server });
    const { host } = registry;
    const reference = await skopeoPushes(host, '--dest-tls-verify=false');
    await expect(bench.pull(reference)).rejects.toMatchObject({
      code: 'unavailable',
      detail: { step: 'tls' },
      hint: expect.stringContaining(`certs.d/${host}`) as string,
    });
    await trust(host, 'ca.crt', authority.files.certificate);
    expect((await bench.pull(reference)).at(-1)).toMatchObject(done());
    const back = `${host}/team/back:1`;
    await bench.images.tag({ image: reference, reference: back });
    expect(await push(back)).toMatchObject(done());
    const { stdout } = await run('skopeo', [
      'inspect',
      `--cert-dir=${join(certificates, host)}`,
      `docker://${back}`,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ Digest: image.manifest.digest });
  });

  it('over TLS that nobody vouches for works only where the settings say so', async () => {
    await using registry = await DockerRegistry.start({ tls: server });
    const reference = await skopeoPushes(registry.host, '--dest-tls-verify=false');
    await expect(bench.pull(reference)).rejects.toMatchObject({ detail: { step: 'tls' } });
    say({ registry: registry.host, insecure: true });
    expect((await bench.pull(reference)).at(-1)).toMatchObject(done());
  });

  it('that demands a client certificate works with the one in certs.d, and not without', async () => {
    const clientcas = [authority.files.certificate];
    const person = await authority.vouchFor('person', ['DNS:person']);
    const pair = await mkdtemp(join(folder, 'skopeo-'));
    await copyFile(person.certificate, join(pair, 'client.cert'));
    await copyFile(person.key, join(pair, 'client.key'));
    const sending = { certificate: person.certificate, key: person.key };
    await using registry = await DockerRegistry.start({ tls: { ...server, clientcas }, client: sending });
    const { host } = registry;
    const reference = await skopeoPushes(host, '--dest-tls-verify=false', `--dest-cert-dir=${pair}`);
    await trust(host, 'ca.crt', authority.files.certificate);
    await expect(bench.pull(reference)).rejects.toMatchObject({ code: 'unavailable' });
    await trust(host, 'client.cert', person.certificate);
    await trust(host, 'client.key', person.key);
    expect((await bench.pull(reference)).at(-1)).toMatchObject(done());
  });

  const inEnvironment = (address: string): null => {
    vi.stubEnv('HTTPS_PROXY', address);
    vi.stubEnv('NO_PROXY', '');
    return null;
  };
  const inSettings = (https: string): RegistryProxy => ({ http: '', https, noProxy: 'other.test' });

  it.each([
    ['the environment', inEnvironment],
    ['the settings', inSettings],
  ])('through a proxy that %s names works over its tunnel, and credentials stay inside', async (_, name) => {
    await using registry = await DockerRegistry.start({ tls: server });
    await skopeoPushes(registry.host, '--dest-tls-verify=false');
    await using proxy = await TunnelProxy.start(registry.host);
    settings = { ...settings, proxy: name(proxy.address) };
    await trust('registry.test', 'ca.crt', authority.files.certificate);
    bench.signIns.set('registry.test', { username: 'harbour', password: 'secret' });
    expect((await bench.pull('registry.test/team/app:1')).at(-1)).toMatchObject(done());
    expect(new Set(proxy.asked)).toEqual(new Set(['registry.test:443']));
    for (const headers of proxy.headers) expect(headers).not.toHaveProperty('authorization');
  });

  it('goes past the proxy to this machine, and to what NO_PROXY names', async () => {
    await using registry = await DockerRegistry.start();
    await using proxy = await TunnelProxy.start(registry.host);
    const reference = await registry.push('team/app', '1', image);
    vi.stubEnv('HTTP_PROXY', proxy.address);
    vi.stubEnv('HTTPS_PROXY', proxy.address);
    expect((await bench.pull(reference)).at(-1)).toMatchObject(done());
    vi.stubEnv('NO_PROXY', 'registry.test');
    const direct = client.open(parseReference('registry.test/team/app'), {}, signal);
    await expect(direct).rejects.toMatchObject({ code: 'unavailable', detail: { step: 'resolve' } });
    expect(proxy.asked).toEqual([]);
  });

  it('by a mirror brings what the mirror has, and the rest from the registry itself', async () => {
    await using mirror = await DockerRegistry.start();
    await using origin = await DockerRegistry.start();
    await mirror.push('proxy/team/app', '1', image);
    const other = await testImage({ layers: [{ b: 'only at its origin' }] });
    await origin.push('team/app', '2', other);
    say({ registry: origin.host, mirrors: [`${mirror.host}/proxy`] });
    const [mirrored, own] = [`${origin.host}/team/app:1`, `${origin.host}/team/app:2`];
    expect((await bench.pull(mirrored)).at(-1)).toMatchObject({ ...done(), reference: mirrored });
    expect((await bench.pull(own)).at(-1)).toMatchObject({ manifestDigest: other.manifest.digest });
    await expect(bench.pull(`${origin.host}/team/app:3`)).rejects.toMatchObject({
      code: 'not-found',
      message: `There is no image ${origin.host}/team/app:3.`,
    });
  });
}
