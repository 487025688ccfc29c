import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Snapshotter } from '../src/snapshots/index.ts';
import { ImagesBench } from '../src/testing/images/images-bench.ts';
import { testImage, testIndex } from '../src/testing/registry/test-image.ts';
import { TestRegistry } from '../src/testing/registry/test-registry.ts';
import { describeReal, RealAgent } from './real-agent.ts';

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
describeReal('an image for several platforms', withSkopeo, ['skopeo']);

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
  prepare();

  it('that we saved is read by skopeo for each platform, by the digests of its registry', async () => {
    await using registry = await TestRegistry.start();
    const amd = await testImage({ layers: [{ bin: 'amd64' }] });
    const arm = await testImage({ layers: [{ bin: 'arm64' }], platform: ARM });
    for (const image of [amd, arm]) registry.push('multi', '1', image);
    const index = testIndex([amd, arm]);
    registry.pushManifest('multi', '1', index);
    const name = `${registry.host}/multi:1`;
    await bench.pull(name);
    await bench.pull(name, { platform: ARM });

    const archive = `oci-archive:${await save(name)}:1`;
    const read = async (...words: readonly string[]) => (await run('skopeo', [...words, archive])).stdout;
    for (const [architecture, image] of [
      ['amd64', amd],
      ['arm64', arm],
    ] as const) {
      const words = ['--override-arch', architecture, 'inspect', '--config', '--raw'];
      expect(await read(...words)).toBe(Buffer.from(image.config.bytes).toString());
    }
    expect(await read('inspect', '--raw')).toBe(Buffer.from(index.bytes).toString());
  });
}
