import { testImage, testLayer, TestRegistry } from '@longshore/engine/testing';
import { expect, test } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, statfs } from 'node:fs/promises';
import path from 'node:path';
import { type ServedEngine, serveEngineIn } from '../fixtures/engine.ts';
import { makeFolders } from '../fixtures/folders.ts';
import { putOnSmallDisk } from '../fixtures/small-disk.ts';

/** A disk that fills up stops what needs space, with words, and nothing else: the engine goes on. */

/** About 130 MB of it can be used; layers leave a hundredth of the disk. */
const DISK_MB = 150;
const TOO_LARGE_MB = 150;
const PLAIN_LAYER = 'application/vnd.oci.image.layer.v1.tar';

let engine: ServedEngine;
let registry: TestRegistry;
let small: string;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  registry = await TestRegistry.start();
  const busybox = await readFile('/bin/busybox');
  small = registry.push('small', 'latest', await testImage({ layers: [{ 'bin/busybox': busybox }] }));
  const folders = await makeFolders();
  await putOnSmallDisk(folders, DISK_MB);
  engine = await serveEngineIn(folders);
});

test.afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

test('an image whose layer does not fit is refused, and all its space is given back', async () => {
  const before = await freeMegabytes();
  const image = await bigImage('blob', TOO_LARGE_MB);
  expect(await expectNoSpace(image)).toMatch(
    /needs at least \d+\.\d MB of disk space, and \d+\.\d MB are free/,
  );
  await expectSpace(before);
  await expectWorks();
});

test('an image that fits packed but not unpacked is refused too', async () => {
  const before = await freeMegabytes();
  const wide = Buffer.alloc(TOO_LARGE_MB * 1024 * 1024, randomBytes(1000));
  const image = registry.push('bomb', 'latest', await testImage({ layers: [{ wide }] }));
  expect(await expectNoSpace(image)).toMatch(/needs more than the \d+\.\d MB of disk space that were free/);
  await expectSpace(before);
  await expectWorks();
});

test('after something is removed there is room again', async () => {
  const [first, second] = [await bigImage('first', 50), await bigImage('second', 50)];
  await engine.cli.must('pull', '-q', first);
  await expectNoSpace(second);
  await engine.cli.must('rmi', first);
  await engine.cli.must('pull', '-q', second);
  await engine.cli.must('rmi', second);
});

test('a container that fills the disk hears of it itself, and can be looked at, stopped and removed', async () => {
  const { cli } = engine;
  await cli.must('pull', '-q', small);
  const spare = await bigImage('spare', 2);
  await cli.must('pull', '-q', spare);
  // Whole pieces first, then what is left of the last one.
  const dd = (file: string, size: string) => `/bin/busybox dd if=/dev/zero of=${file} bs=${size}`;
  const fill = `${dd('/fill', '64k')}; ${dd('/rest', '512')}; exec /bin/busybox sleep 1000`;
  await cli.must('run', '-d', '--init', '--name', 'greedy', small, '/bin/busybox', 'sh', '-c', fill);
  await expect.poll(() => freeMegabytes()).toBeLessThan(0.01);
  expect((await cli.run(['logs', 'greedy'])).stderr).toContain('No space left on device');

  expect(await cli.must('ps')).toContain('greedy');
  const exec = await cli.run(['exec', 'greedy', '/bin/busybox', 'echo', 'ahoy']);
  expect(exec.stdout + exec.stderr).toMatch(/^ahoy$|The disk is full/m);
  expect(JSON.parse(await cli.must('inspect', 'greedy'))).toMatchObject([{ name: 'greedy' }]);
  await expectNoSpace(await bigImage('late', 1));
  const another = await cli.run(['create', '--name', 'late', small, '/bin/busybox', 'true']);
  expect(another.stderr).toMatch(/disk is full/i);
  expect(another.code).not.toBe(0);
  await cli.must('stop', '-t', '1', 'greedy');
  expect(await cli.must('ps', '-a')).toMatch(/Exited \(\d+\).*greedy/);
  await cli.must('rm', 'greedy');
  await cli.must('rmi', spare);
  expect(await cli.must('ps', '-a', '-q')).toBe('');
  await expectWorks();
});

/** Answers with what the person read. */
async function expectNoSpace(image: string): Promise<string> {
  const { code, stderr } = await engine.cli.run(['pull', image]);
  expect(stderr).toMatch(/disk space/i);
  expect(stderr).not.toMatch(/internal|undefined|\n\s+at /);
  expect(code).toBe(1);
  expect(await engine.cli.must('images')).not.toContain(image.slice(0, -':latest'.length));
  expect(await readdir(path.join(engine.folders.data, 'engine/ingest'))).toEqual([]);
  return stderr;
}

/** All but the few files that tell of the attempt. */
async function expectSpace(before: number): Promise<void> {
  await expect.poll(() => freeMegabytes()).toBeGreaterThan(before - 1);
}

async function expectWorks(): Promise<void> {
  const { cli } = engine;
  await cli.must('pull', '-q', small);
  expect(await cli.must('run', '--rm', small, '/bin/busybox', 'echo', 'ahoy')).toBe('ahoy');
  await cli.must('rmi', small);
}

async function freeMegabytes(): Promise<number> {
  const { bavail, bsize } = await statfs(engine.folders.data);
  return (bavail * bsize) / 1024 / 1024;
}

/** One layer that does not compress: it takes its size twice, as a blob and unpacked. */
async function bigImage(name: string, megabytes: number): Promise<string> {
  const layer = await testLayer({ noise: randomBytes(megabytes * 1024 * 1024) }, PLAIN_LAYER);
  const { mediaType, digest, size } = layer;
  const image = await testImage({
    layers: [],
    editConfig: (config) => ({
      ...config,
      rootfs: { type: 'layers', diff_ids: [layer.diffId] },
      history: [],
    }),
    editManifest: (manifest) => ({ ...manifest, layers: [{ mediaType, digest, size }] }),
  });
  return registry.push(name, 'latest', { ...image, layers: [layer] });
}
