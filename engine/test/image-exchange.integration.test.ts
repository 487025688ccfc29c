import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Snapshotter } from '../src/snapshots/index.ts';
import { ImagesBench } from '../src/testing/images/images-bench.ts';
import {
  type StoredBytes,
  testImage,
  testIndex,
  type TestImage,
} from '../src/testing/registry/test-image.ts';
import { TestRegistry } from '../src/testing/registry/test-registry.ts';
import { describeReal, RealAgent } from './real-agent.ts';
import { DockerRegistry } from './support/docker-registry.ts';

const run = promisify(execFile);
const context = { signal: new AbortController().signal };
const ARM = { os: 'linux', architecture: 'arm64' };

let agent: RealAgent;
let bench: ImagesBench<Snapshotter>;
let folder: string;

async function load(file: string): Promise<readonly { readonly id: string }[]> {
  for await (const progress of bench.images.load({ name: 'it' }, createReadStream(file), context)) {
    if (progress.stage === 'done') return progress.images.map(({ image }) => image);
  }
  throw new Error('Loading ended without its last word.');
}

async function save(name: string): Promise<string> {
  const file = join(folder, 'saved.tar');
  await writeFile(file, bench.images.save({ images: [name] }, context));
  return file;
}

function prepare(): void {
  beforeAll(async () => {
    agent = await RealAgent.open();
  });
  afterAll(() => agent[Symbol.asyncDispose]());
  beforeEach(async () => {
    folder = await mkdtemp('/var/tmp/longshore-exchange-');
    bench = await ImagesBench.open({ snapshotter: agent.snapshotter });
  });
  afterEach(async () => {
    for (const { id } of await bench.images.list()) await bench.images.remove({ image: id, force: true });
    await bench[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
}

describeReal('images between podman and us', withPodman, ['podman', 'skopeo']);
describeReal('an image for several platforms', withSkopeo, ['skopeo', 'docker-registry']);

function withPodman(): void {
  prepare();

  /** With a storage of its own. */
  async function podman(...words: readonly string[]): Promise<string> {
    const storage = ['--root', join(folder, 'root'), '--runroot', join(folder, 'run')];
    const { stdout } = await run('podman', [...storage, '--storage-driver', 'vfs', ...words]);
    return stdout.trim();
  }

  it('that we saved have the same id there', async () => {
    const { id } = await bench.images.installStarter({ name: 'busybox' });
    await podman('load', '--quiet', '--input', await save('busybox'));
    expect(await podman('images', '--no-trunc', '--quiet')).toBe(id);
    expect(await podman('images', '--format', '{{.Repository}}:{{.Tag}}')).toBe(
      'docker.io/library/busybox:latest',
    );
  });

  it('are copied into its storage from our content store, by the same digest', async () => {
    const { id } = await bench.images.installStarter({ name: 'busybox' });
    const name = 'docker.io/library/busybox:latest';
    const storage = `containers-storage:[vfs@${join(folder, 'root')}+${join(folder, 'run')}]${name}`;
    const layout = `oci:${bench.folder.contentDirectory}:${name}`;
    await run('skopeo', ['--insecure-policy', 'copy', layout, storage]);
    const { manifestDigest } = await bench.images.inspect({ image: id });
    expect(await podman('images', '--no-trunc', '--format', '{{.Id}} {{.Digest}}')).toBe(
      `${id.replace('sha256:', '')} ${manifestDigest}`,
    );
  });

  it.each(['docker-archive', 'oci-archive'])('that it saved as %s have the same id here', async (format) => {
    const { id } = await bench.images.installStarter({ name: 'busybox' });
    await podman('load', '--quiet', '--input', await save('busybox'));
    await bench.images.remove({ image: id, force: true });
    const theirs = join(folder, 'theirs.tar');
    await podman('save', '--quiet', '--format', format, '--output', theirs, 'busybox');
    expect((await load(theirs))[0]?.id).toBe(id);
    expect((await bench.images.inspect({ image: 'busybox' })).id).toBe(id);
  });
}

function withSkopeo(): void {
  let origin: TestRegistry;
  let amd: TestImage;
  let arm: TestImage;
  let index: StoredBytes;
  let name: string;
  prepare();

  beforeEach(async () => {
    origin = await TestRegistry.start();
    amd = await testImage({ layers: [{ bin: 'amd64' }] });
    arm = await testImage({ layers: [{ bin: 'arm64' }], platform: ARM });
    for (const image of [amd, arm]) origin.push('multi', '1', image);
    index = testIndex([amd, arm]);
    origin.pushManifest('multi', '1', index);
    name = `${origin.host}/multi:1`;
    await bench.pull(name);
    await bench.pull(name, { platform: ARM });
  });
  afterEach(() => origin[Symbol.asyncDispose]());

  /** By the digests of its registry, for each platform. */
  async function expectRead(place: string, ...options: readonly string[]): Promise<void> {
    const read = async (...words: readonly string[]) =>
      (await run('skopeo', [...words, ...options, place])).stdout;
    expect(await read('inspect', '--raw')).toBe(Buffer.from(index.bytes).toString());
    for (const [architecture, { config }] of [
      ['amd64', amd],
      ['arm64', arm],
    ] as const) {
      const words = ['--override-arch', architecture, 'inspect', '--config', '--raw'];
      expect(await read(...words)).toBe(Buffer.from(config.bytes).toString());
    }
  }

  it('that we saved is read by skopeo', async () => {
    await expectRead(`oci-archive:${await save(name)}:1`);
  });

  it('that we pushed to docker-registry is read by skopeo', async () => {
    await using registry = await DockerRegistry.start();
    const reference = `${registry.host}/mine/multi:1`;
    await bench.images.tag({ image: amd.config.digest, reference });
    const request = { reference, insecure: false, background: false, credentials: undefined };
    for await (const _ of bench.images.push(request, context));
    await expectRead(`docker://${reference}`, '--tls-verify=false');
  });
}
