import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeReal, RealEngine } from './real-agent.ts';
import { ContextFolder, runBuild } from './support/real-builds.ts';

const run = promisify(execFile);

const WRITES = [
  'dd if=/dev/urandom of=/own bs=1M count=7',
  'dd if=/dev/urandom of=/volume/theirs bs=1M count=5',
  'yes a line of the log | head -n 20000',
].join('; ');

const DOCKERFILE = [
  'FROM busybox AS work',
  'RUN --mount=type=cache,target=/cache dd if=/dev/urandom of=/cache/kept bs=1M count=4',
  'RUN dd if=/dev/urandom of=/unused bs=1M count=3',
  'FROM busybox',
  'COPY --from=work /unused /used',
].join('\n');

describeReal('what the data folder takes', taken, ['du']);

function taken(): void {
  let engine: RealEngine;
  let stopped: string;
  let context: ContextFolder;

  beforeAll(async () => {
    engine = await RealEngine.open();
    const { client } = engine;
    await client.images.installStarter({ name: 'busybox' });
    const mounts = [{ type: 'volume' as const, source: 'theirs', target: '/volume' }];
    const { id } = await client.containers.run({ image: 'busybox', command: ['sh', '-c', WRITES], mounts });
    stopped = id;
    await client.containers.wait({ container: id });
    context = await ContextFolder.create();
    await context.write('Dockerfile', DOCKERFILE);
    const { error } = await runBuild(engine, {
      context: { kind: 'folder', path: context.path },
      tags: ['built'],
    });
    expect(error).toBeNull();
  }, 60_000);

  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await context[Symbol.asyncDispose]();
  });

  it('is what du says, within one percent, and has a part for every byte', async () => {
    const usage = await engine.client.system.diskUsage({});
    const { stdout } = await run('du', ['-s', '--block-size=1', engine.dataDir]);
    const du = Number(stdout.split('\t')[0]);
    expect(Math.abs(usage.totalBytes - du) / du).toBeLessThan(0.01);

    const { images, containers, volumes, volumeTrash, buildCache, partialDownloads, otherBytes } = usage;
    const parts = [images, containers, volumes, volumeTrash, buildCache, partialDownloads];
    const known = parts.reduce((total, { totalBytes }) => total + totalBytes, 0);
    expect(known + otherBytes).toBe(usage.totalBytes);
    expect(otherBytes).toBeLessThan(1024 * 1024);
    expect(containers.items).toMatchObject([{ id: stopped, running: false }]);
    expect(containers.items[0]?.writableBytes).toBeGreaterThanOrEqual(7 * 1024 * 1024);
    expect(containers.items[0]?.logBytes).toBeGreaterThan(300_000);
    expect(volumes.items).toMatchObject([{ name: 'theirs', usedBy: [expect.any(String)] }]);
    expect(volumes.items[0]?.sizeBytes).toBeGreaterThanOrEqual(5 * 1024 * 1024);
    expect(buildCache).toMatchObject({ activeCount: 0, reclaimableBytes: buildCache.totalBytes });
    // The layer that has no image and the folder of the cache mount; the copied file is the image's.
    const cacheBytes = buildCache.totalBytes / 1024 / 1024;
    expect(cacheBytes).toBeGreaterThanOrEqual(7);
    expect(cacheBytes).toBeLessThan(7.5);
  });

  it('shrinks by what a prune said beforehand', async () => {
    const { client } = engine;
    const filters = { all: true, volumes: false };
    const before = await client.system.diskUsage({});
    const promised = await client.system.prunable(filters);
    expect(promised).toMatchObject({
      containers: [{ id: stopped }],
      images: [{ name: 'busybox:latest' }, { name: 'built:latest' }],
    });
    const pruned = await client.system.prune(filters);
    expect(pruned).toMatchObject({
      containers: [stopped],
      images: { untagged: ['busybox:latest', 'built:latest'] },
    });
    const left = async () => (await client.system.diskUsage({})).totalBytes;
    // What containers have written is deleted after the answer.
    const within = (said: number) => async () =>
      Math.abs(before.totalBytes - (await left()) - said) / said < 0.02;
    await expect.poll(within(promised.freedBytes), { timeout: 30_000 }).toBe(true);
    await expect.poll(within(pruned.freedBytes), { timeout: 30_000 }).toBe(true);
    const after = await client.system.diskUsage({});
    expect(after).toMatchObject({ images: { totalBytes: 0 }, volumes: { items: [{ name: 'theirs' }] } });
  });
}
