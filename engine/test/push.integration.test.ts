import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { digestOf } from '../src/content/index.ts';
import { CertificateFolders, RegistryClient } from '../src/registry/index.ts';
import { parseReference } from '../src/oci/index.ts';
import { ImagesBench } from '../src/testing/images/images-bench.ts';
import { testImage, type TestImage } from '../src/testing/registry/test-image.ts';
import { systemClock } from '../src/clock.ts';
import type { PushProgress } from '../src/types/index.ts';
import { describeReal } from './real-agent.ts';
import { selfSigned } from './support/certificates.ts';
import { DockerRegistry } from './support/docker-registry.ts';
import { TokenServer } from './support/token-server.ts';

const run = promisify(execFile);
const EMPTY = digestOf('{}');
const person = { username: 'harbour', password: 'se:cret' };

describeReal('pushing to docker-registry', pushes, ['docker-registry', 'skopeo', 'openssl']);

function pushes(): void {
  let registry: DockerRegistry;
  let bench: ImagesBench;
  let folder: string;
  let image: TestImage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-push-'));
    registry = await DockerRegistry.start();
  });

  afterAll(async () => {
    await registry[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    bench = await ImagesBench.open();
    image = await testImage({ layers: [{ a: randomBytes(300_000) }, { b: 'two' }] });
  });

  afterEach(async () => {
    await bench[Symbol.asyncDispose]();
  });

  async function push(reference: string): Promise<PushProgress | undefined> {
    let last: PushProgress | undefined;
    const request = { reference, insecure: false, background: false, credentials: undefined };
    for await (const progress of bench.images.push(request, { signal: new AbortController().signal })) {
      last = progress;
    }
    return last;
  }

  async function pulledAs(reference: string): Promise<void> {
    const origin = await registry.push('origin/app', '1', image);
    await bench.pull(origin);
    await bench.images.tag({ image: origin, reference });
  }

  it('skopeo reads what was pushed, by the same digest', async () => {
    const reference = `${registry.host}/mine/app:2`;
    await pulledAs(reference);
    expect(await push(reference)).toMatchObject({ stage: 'done', manifestDigest: image.manifest.digest });
    const copy = join(bench.directory, 'copy');
    const tls = '--src-tls-verify=false';
    await run('skopeo', ['--insecure-policy', 'copy', tls, `docker://${reference}`, `dir:${copy}`]);
    const { stdout } = await run('skopeo', ['inspect', '--tls-verify=false', `docker://${reference}`]);
    expect(JSON.parse(stdout)).toMatchObject({ Digest: image.manifest.digest });
  });

  it('what skopeo pushed comes and goes unchanged', async () => {
    const layout = join(bench.directory, 'layout');
    const origin = await registry.push('origin/app', '1', image);
    const [there, here] = [`oci:${layout}:1`, `docker://${registry.host}/skopeo/app:1`];
    const copy = ['--insecure-policy', 'copy', '--src-tls-verify=false', '--dest-tls-verify=false'];
    await run('skopeo', [...copy, `docker://${origin}`, there]);
    await run('skopeo', [...copy, there, here]);
    const done = (await bench.pull(`${registry.host}/skopeo/app:1`)).at(-1);
    const reference = `${registry.host}/mine/skopeo:1`;
    await bench.images.tag({ image: `${registry.host}/skopeo/app:1`, reference });
    expect(await push(reference)).toMatchObject({
      manifestDigest: done?.stage === 'done' ? done.manifestDigest : '',
    });
  });

  it('layers that the registry has elsewhere are mounted and not sent', async () => {
    const reference = `${registry.host}/mine/mounted:1`;
    await pulledAs(reference);
    const done = await push(reference);
    const stages = done?.stage === 'done' ? done.layers.map(({ stage }) => stage) : [];
    expect(stages).toContain('mounted');
    expect(stages).not.toContain('pushed');
  });

  it('tokens are fetched for who has signed in, with the right to push', async () => {
    const files = await selfSigned(folder, 'tokens');
    await using tokens = await TokenServer.start(files, person);
    await using locked = await DockerRegistry.start({ tokens: tokens.settings });
    const reference = `${locked.host}/mine/app:1`;
    await pulledAs(reference);
    await expect(push(reference)).rejects.toMatchObject({ code: 'unauthenticated' });
    bench.signIns.set(locked.host, person);
    expect(await push(reference)).toMatchObject({ stage: 'done' });
    expect(tokens.asked).toContain('repository:mine/app:pull,push');

    bench.signIns.set(locked.host, { identityToken: tokens.refreshToken });
    await bench.images.tag({ image: reference, reference: `${locked.host}/mine/other:1` });
    expect(await push(`${locked.host}/mine/other:1`)).toMatchObject({ stage: 'done' });
    bench.signIns.set(locked.host, { ...person, password: 'wrong' });
    await expect(push(reference)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('a registry with an authority of its own is believed once the authority is in the folder', async () => {
    const files = await selfSigned(folder, 'registry');
    await using secure = await DockerRegistry.start({ tls: files });
    const certificates = join(folder, 'certs.d');
    const trust = new CertificateFolders([certificates]);
    await using client = new RegistryClient({ clock: systemClock, trust });
    const reference = parseReference(`${secure.host}/mine/app`);
    const tags = async (): Promise<readonly string[]> => {
      const { signal } = new AbortController();
      const repository = await client.open(reference, { actions: 'pull,push' }, signal);
      const document = Buffer.from('{}');
      const blob = { digest: EMPTY, size: 2, mediaType: 'application/vnd.oci.image.config.v1+json' };
      const source = async function* () {
        yield* await Promise.resolve([document]);
      };
      await repository.upload(blob, source, { sources: [], signal, onProgress: () => undefined });
      const mediaType = 'application/vnd.oci.image.manifest.v1+json';
      const manifest = JSON.stringify({ schemaVersion: 2, mediaType, config: blob, layers: [] });
      await repository.putManifest('1', { bytes: Buffer.from(manifest), mediaType }, signal);
      return repository.tags(10, signal);
    };
    await expect(tags()).rejects.toThrow(/certificate/);
    await mkdir(join(certificates, secure.host), { recursive: true });
    await copyFile(files.certificate, join(certificates, secure.host, 'ca.crt'));
    expect(await tags()).toEqual(['1']);
    await writeFile(join(certificates, secure.host, 'client.cert'), 'without its key');
    await expect(tags()).rejects.toThrow('client.key');
  });
}
