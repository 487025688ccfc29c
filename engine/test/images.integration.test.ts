import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Snapshotter } from '../src/snapshots/index.ts';
import { ImagesBench } from '../src/testing/images/images-bench.ts';
import {
  indexEntry,
  layoutEntries,
  oldDockerEntries,
  testArchive,
} from '../src/testing/images/test-archive.ts';
import { testImage } from '../src/testing/registry/test-image.ts';
import type { LoadedImage } from '../src/types/index.ts';
import { describeReal, RealAgent } from './real-agent.ts';

const run = promisify(execFile);
const context = { signal: new AbortController().signal };

describeReal('images in archives', archives, ['skopeo', 'tar', 'zstd', 'xz', 'bzip2']);

function archives(): void {
  let agent: RealAgent;
  let bench: ImagesBench<Snapshotter>;
  let folder: string;

  beforeAll(async () => {
    agent = await RealAgent.open();
    folder = await mkdtemp('/var/tmp/longshore-archives-');
  });

  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    bench = await ImagesBench.open({ snapshotter: agent.snapshotter });
  });

  afterEach(async () => {
    for (const { id } of await bench.images.list()) await bench.images.remove({ image: id, force: true });
    await bench[Symbol.asyncDispose]();
  });

  async function load(file: string): Promise<readonly LoadedImage[]> {
    for await (const progress of bench.images.load({ name: 'it' }, createReadStream(file), context)) {
      if (progress.stage === 'done') return progress.images;
    }
    throw new Error('Loading ended without its last word.');
  }

  async function save(file: string, ...images: readonly string[]): Promise<void> {
    await writeFile(file, bench.images.save({ images: [...images] }, context));
  }

  const skopeo = async (...words: readonly string[]) =>
    (await run('skopeo', ['--insecure-policy', ...words])).stdout;

  it('that we saved are read by skopeo as a Docker archive and as an OCI layout, with our digest', async () => {
    const { id } = await bench.images.installStarter({ name: 'busybox' });
    await bench.images.tag({ image: id, reference: 'registry.test/tools/busybox:2' });
    const file = join(folder, 'saved.tar');
    await save(file, 'busybox', 'registry.test/tools/busybox');
    const { manifestDigest } = await bench.images.inspect({ image: id });

    expect(JSON.parse(await skopeo('inspect', `oci-archive:${file}:2`))).toMatchObject({
      Digest: manifestDigest,
    });
    for (const name of ['busybox:latest', 'registry.test/tools/busybox:2']) {
      const copy = join(folder, `copy-${name.replaceAll('/', '-')}`);
      await skopeo('copy', `docker-archive:${file}:${name}`, `dir:${copy}`);
      const manifest = JSON.parse(await readFile(join(copy, 'manifest.json'), 'utf8')) as { config: object };
      expect(manifest.config).toMatchObject({ digest: id });
    }
  });

  it('of skopeo come with the same image, as a Docker archive, an OCI layout, and packed', async () => {
    const { id } = await bench.images.installStarter({ name: 'busybox' });
    const layout = `oci:${bench.folder.contentDirectory}:docker.io/library/busybox:latest`;
    const docker = join(folder, 'docker.tar');
    const oci = join(folder, 'oci.tar');
    await skopeo('copy', layout, `docker-archive:${docker}:there/busybox:1`);
    await skopeo('copy', layout, `oci-archive:${oci}:registry.test/busybox:2`);
    await run('gzip', ['--keep', docker]);
    await bench.images.remove({ image: id, force: true });
    expect(await bench.content.list()).toEqual([]);

    expect(await load(docker)).toMatchObject([{ image: { id }, references: ['there/busybox:1'] }]);
    expect((await bench.images.inspect({ image: id })).layers[0]?.mediaType).toMatch(/\.tar$/);
    await bench.images.remove({ image: id, force: true });
    expect(await load(`${docker}.gz`)).toMatchObject([{ image: { id } }]);
    await bench.images.remove({ image: id, force: true });
    expect(await load(oci)).toMatchObject([{ image: { id }, references: ['registry.test/busybox:2'] }]);
  });

  it.each([
    // RFC 8878, 3.1.1: a frame with a window of 2 GiB, and one block of 65,536 zeros.
    ['zstd', '28b52ffd00a803000800'],
    // A dictionary of 1 GiB, and four bytes (the format's 5.3.1).
    [
      'xz',
      'fd377a585a0000016922de3602002101240000005e1fc7f901000377696465' +
        '00e28ce3ac000118046be9f0a59042990d010000000001595a',
    ],
    // Its blocks are 900 kB at most; this one has no checksum that fits.
    ['bzip2', '425a6839314159265359ffffffff'],
  ])(
    'packed by %s are read, and refused when they are cut off, damaged or need a window of gigabytes',
    async (program, wide) => {
      const { id } = await bench.images.installStarter({ name: 'busybox' });
      const plain = join(folder, `${program}.tar`);
      await save(plain, 'busybox');
      await run(program, ['-q', '-k', plain]);
      const packed = join(
        folder,
        (await readdir(folder)).find((name) => name.startsWith(`${program}.tar.`)) ?? '',
      );
      await bench.images.remove({ image: id, force: true });
      expect(await load(packed)).toMatchObject([{ image: { id }, references: ['busybox:latest'] }]);
      await bench.images.remove({ image: id, force: true });

      const whole = await readFile(packed);
      for (const bad of [whole.subarray(0, whole.byteLength / 2), Buffer.from(wide, 'hex')]) {
        await writeFile(packed, bad);
        const refused = { code: 'invalid-argument', detail: { step: 'decompress' } };
        await expect(load(packed)).rejects.toMatchObject(refused);
        expect(await bench.content.list()).toEqual([]);
        expect(await readdir(bench.folder.ingestDirectory)).toEqual([]);
      }
    },
  );

  it('of the old docker are unpacked by the agent, which verifies them', async () => {
    const image = await testImage({ layers: [{ a: 'same' }, { b: randomBytes(300_000) }, { a: 'same' }] });
    const file = join(folder, 'old.tar');
    await writeFile(file, await testArchive(oldDockerEntries(image, ['old:1'])));
    await load(file);
    expect((await bench.images.inspect({ image: 'old:1' })).sizeBytes).toBeGreaterThan(300_000);
  });

  it('are loaded twice at the same time, and are there once', async () => {
    const image = await testImage({ layers: [{ a: randomBytes(3_000_000) }, { b: randomBytes(3_000_000) }] });
    const file = join(folder, 'twice.tar');
    await writeFile(file, await testArchive(layoutEntries([indexEntry(image, 'twice')], [image])));
    const both = await Promise.all([load(file), load(file)]);
    for (const loaded of both) expect(loaded).toMatchObject([{ image: { id: image.config.digest } }]);
    expect(await bench.images.list()).toHaveLength(1);
    expect(await bench.snapshotter.list()).toHaveLength(2);
    expect(await readdir(bench.folder.ingestDirectory)).toEqual([]);
  });

  it('with a layer that climbs out, or that is no tar stream, leave nothing', async () => {
    const climbing = await testImage({ layers: [{ a: 'a' }, { '../../../../etc/climbed': 'x' }] });
    const noise = await testImage({ layers: [{ a: 'a' }] });
    const wrong = await testImage({
      layers: [{ a: 'a' }],
      editConfig: (config) => ({ ...config, rootfs: { type: 'layers', diff_ids: [noise.config.digest] } }),
    });
    for (const image of [climbing, wrong]) {
      const file = join(folder, 'evil.tar');
      await writeFile(file, await testArchive(layoutEntries([indexEntry(image, 'evil')], [image])));
      await expect(load(file)).rejects.toMatchObject({ code: 'invalid-argument' });
      expect(await bench.content.list()).toEqual([]);
      expect(await bench.snapshotter.list()).toEqual([]);
      expect(await readdir(bench.folder.ingestDirectory)).toEqual([]);
    }
  });

  it('that hold no root file system are not imported, and leave nothing', async () => {
    const noise = join(folder, 'noise');
    await writeFile(noise, Buffer.concat([Buffer.from('noise'), randomBytes(300_000)]));
    const order = { name: 'it', reference: 'noise', message: '', changes: [] };
    const reading = async () => {
      for await (const _ of bench.images.import(order, createReadStream(noise), context));
    };
    await expect(reading()).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(await bench.content.list()).toEqual([]);
    expect(await bench.snapshotter.list()).toEqual([]);
    expect(await readdir(bench.folder.ingestDirectory)).toEqual([]);
  });

  it('of hundreds of megabytes go in and out in little memory', async () => {
    const source = join(folder, 'root');
    await run('sh', ['-c', `mkdir ${source} && head -c 200M /dev/urandom > ${source}/big`]);
    const root = join(folder, 'root.tar');
    await run('tar', ['-cf', root, '-C', source, '.']);
    let peak = 0;
    const before = process.memoryUsage().rss;
    const look = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss - before)), 20);
    try {
      const order = { name: 'it', reference: 'big', message: '', changes: [] };
      for await (const _ of bench.images.import(order, createReadStream(root), context));
      const file = join(folder, 'big.tar');
      await save(file, 'big');
      await bench.images.remove({ image: 'big', force: false });
      expect(await load(file)).toMatchObject([{ references: ['big:latest'] }]);
    } finally {
      clearInterval(look);
    }
    expect(peak).toBeGreaterThan(0);
    expect(peak).toBeLessThan(150_000_000);
  }, 300_000);
}
