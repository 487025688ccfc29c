import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { writeArchive } from '../src/host/cli/archives/whole-file.ts';
import { layoutEntries, indexEntry, testArchive } from '../src/testing/images/test-archive.ts';
import { testImage, type TestImage } from '../src/testing/registry/test-image.ts';
import { TestRegistry } from '../src/testing/registry/test-registry.ts';
import { describeReal, RealEngine } from './real-agent.ts';

const run = promisify(execFile);
const MB = 1_000_000;
/** Of each image that comes, packed or not: noise. */
const LAYER_BYTES = 8 * MB;
/** Nothing fits; half of what comes does; all of it does, but not unpacked as well. */
const FREE = [100_000, LAYER_BYTES / 2, LAYER_BYTES + 2 * MB];
/** Records, folders and the journals of what was tried. */
const TOLERATED = 300_000;
const patience = { timeout: 60_000 };

describeReal('on a full disk', () => {
  let disk: string;
  let ballast: string;
  let engine: RealEngine;
  let registry: TestRegistry;
  let image: TestImage;
  let reference: string;
  let archive: Uint8Array<ArrayBuffer>;
  let rootfs: Uint8Array<ArrayBuffer>;
  let container: string;

  beforeAll(async () => {
    disk = await mkdtemp('/var/tmp/longshore-full-');
    ballast = join(disk, 'ballast');
    await run('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'longshore-test', disk]);
    [engine, registry] = await Promise.all([RealEngine.prepare(disk), TestRegistry.start()]);
    await engine.start();
    const noise = randomBytes(LAYER_BYTES);
    image = await testImage({ layers: [{ noise }] });
    reference = registry.push('team/app', '1', image);
    archive = new Uint8Array(await testArchive(layoutEntries([indexEntry(image, 'loaded:1')], [image])));
    rootfs = new Uint8Array(await testArchive([['etc/noise', noise]]));
    await engine.client.images.installStarter({ name: 'busybox' });
    const command = ['dd', 'if=/dev/urandom', 'of=/noise', 'bs=1M', 'count=8'];
    ({ id: container } = await engine.client.containers.run({ image: 'busybox', command }));
    await engine.client.containers.wait({ container });
  }, patience.timeout);

  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
    await run('umount', [disk]);
    await rm(disk, { recursive: true });
  }, patience.timeout);

  async function freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(disk);
    return bavail * bsize;
  }

  async function leaveFree(bytes: number): Promise<void> {
    await appendFile(ballast, Buffer.alloc(Math.max(0, (await freeBytes()) - bytes)));
  }

  const drain = async (progress: AsyncIterable<unknown>): Promise<void> => {
    for await (const _ of progress);
  };

  async function* upload(bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (let at = 0; at < bytes.length; at += 65_536) {
      yield await Promise.resolve(bytes.subarray(at, at + 65_536));
    }
  }

  async function pull(): Promise<void> {
    await drain(engine.client.images.pull({ reference }));
  }

  async function load(): Promise<void> {
    const { signal } = new AbortController();
    await drain(engine.handlers.images.load({ name: 'it' }, upload(archive), { signal }));
  }

  async function importRoot(): Promise<void> {
    const { signal } = new AbortController();
    const order = { name: 'it', reference: 'imported:1', message: '', changes: [] };
    await drain(engine.handlers.images.import(order, upload(rootfs), { signal }));
  }

  async function commit(): Promise<void> {
    await engine.client.containers.commit({ container, reference: 'committed:1' });
  }

  /** A pull that failed is there to be gone on with, until somebody gives it up. */
  async function giveUpPulls(): Promise<void> {
    for (const { id } of await engine.client.images.pulls({}))
      await engine.client.images.dropPull({ pull: id });
  }

  const cases = [
    { what: 'a pull', work: pull, name: () => reference },
    { what: 'a load', work: load, name: () => 'loaded:1' },
    { what: 'an import', work: importRoot, name: () => 'imported:1' },
    { what: 'a commit', work: commit, name: () => 'committed:1' },
  ].flatMap((one) => FREE.map((free) => ({ ...one, free })));

  it.each(cases)(
    '$what with $free bytes free says so, leaves nothing, and succeeds with more',
    async ({ work, name, free }) => {
      const before = await freeBytes();
      await leaveFree(free);
      await expect(work()).rejects.toMatchObject({
        code: 'failed-precondition',
        message: expect.stringMatching(/disk/) as string,
        detail: { errno: 'ENOSPC' },
      });
      await rm(ballast, { force: true });
      await giveUpPulls();
      await vi.waitUntil(async () => before - (await freeBytes()) < TOLERATED, patience);
      expect(engine.problems).toEqual([]);

      await work();
      const { sizeBytes } = await engine.client.images.inspect({ image: name() });
      expect(sizeBytes).toBeGreaterThanOrEqual(LAYER_BYTES);
      await engine.client.images.remove({ image: name() });
      await vi.waitUntil(async () => before - (await freeBytes()) < TOLERATED, patience);
    },
    patience.timeout,
  );

  it.each([100_000, LAYER_BYTES / 2])(
    'a save with %i bytes free says so, leaves nothing, and succeeds with more',
    async (free) => {
      await pull();
      const file = join(disk, 'saved.tar');
      const save = () =>
        writeArchive(engine.client.images.save({ images: [reference] }), file, { stdout: process.stdout });
      const before = await freeBytes();
      await leaveFree(free);
      await expect(save()).rejects.toMatchObject({
        code: 'failed-precondition',
        message: `write ${file}: no space left on device`,
        detail: { errno: 'ENOSPC', path: file },
      });
      await rm(ballast);
      expect((await readdir(disk)).filter((name) => name.includes('saved.tar'))).toEqual([]);
      await vi.waitUntil(async () => before - (await freeBytes()) < TOLERATED, patience);

      await save();
      expect((await stat(file)).size).toBeGreaterThan(LAYER_BYTES);
      await rm(file);
      await engine.client.images.remove({ image: reference });
    },
    patience.timeout,
  );
});
