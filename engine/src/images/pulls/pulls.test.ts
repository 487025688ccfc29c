import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HastyClock } from '../../testing/clock/manual-clock.ts';
import { ImagesBench } from '../../testing/images/images-bench.ts';
import { testImage, type TestImage } from '../../testing/registry/test-image.ts';
import { TestRegistry } from '../../testing/registry/test-registry.ts';
import type { ImagePull, PullProgress } from '../../types/index.ts';

const context = { signal: new AbortController().signal };
const SENT = 60_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Waits for nothing, and can leap ahead. */
class LeapingClock extends HastyClock {
  private ahead = 0;

  override now(): Date {
    return new Date(Date.now() + this.ahead);
  }

  advance(milliseconds: number): void {
    this.ahead += milliseconds;
  }
}

let bench: ImagesBench;
let clock: LeapingClock;
let registry: TestRegistry;
let image: TestImage;
let reference: string;

/** The lower layer comes whole, the upper one stops after `SENT` bytes. */
beforeEach(async () => {
  clock = new LeapingClock();
  [bench, registry] = await Promise.all([ImagesBench.open({ clock }), TestRegistry.start()]);
  image = await testImage({ layers: [{ small: 'lower' }, { large: randomBytes(300_000) }] });
  reference = registry.push('team/app', '1', image);
  const stall = { kind: 'stall', afterBytes: SENT, until: new Promise<void>(() => undefined) } as const;
  registry.faults.add({ path: image.layers[1]!.digest, fault: stall });
});

afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

function isHalfway(progress: PullProgress): boolean {
  return (
    progress.stage === 'pulling' &&
    progress.layers[0]?.stage === 'done' &&
    progress.layers[1]?.downloadedBytes === SENT
  );
}

/** Does it once the pull is half done; answers with how the pull ended. */
async function halfway(act: (pull: ImagePull) => void): Promise<unknown> {
  let done = false;
  const onProgress = (progress: PullProgress): void => {
    if (done || !isHalfway(progress)) return;
    done = true;
    void only().then(act);
  };
  return bench.pull(reference, { onProgress }).catch((thrown: unknown) => thrown);
}

async function only(): Promise<ImagePull> {
  const [pull, another] = await bench.images.pulls();
  if (pull === undefined || another !== undefined) throw new Error('There is not one pull.');
  return pull;
}

async function resume(id: string): Promise<PullProgress | undefined> {
  let last: PullProgress | undefined;
  const resumed = bench.images.resumePull({ pull: id, background: false }, context);
  for await (const progress of resumed) last = progress;
  return last;
}

function pause(): Promise<unknown> {
  return halfway(({ id }) => void bench.images.pausePull({ pull: id }));
}

function ranges(): readonly (string | undefined)[] {
  const { digest } = image.layers[1]!;
  return registry.requests.filter(({ path }) => path.endsWith(digest)).map(({ headers }) => headers.range);
}

describe('a pull that is paused', () => {
  it('was listed while it ran, says so to who watched, and goes on where it was', async () => {
    let running: ImagePull | undefined;
    const ended = await halfway((pull) => {
      running = pull;
      void bench.images.pausePull({ pull: pull.id });
    });
    expect(running).toMatchObject({ status: 'running', reference, task: 'task', expiresAt: null });
    expect(ended).toMatchObject({ code: 'cancelled', detail: { step: 'paused' } });
    const { id, ...pull } = await only();
    const sizeBytes = image.layers.reduce((sum, { size }) => sum + size, 0);
    const downloadedBytes = image.layers[0]!.size + SENT;
    expect(pull).toMatchObject({ status: 'paused', task: null, sizeBytes, downloadedBytes, error: null });
    expect(await bench.images.pausePull({ pull: id })).toMatchObject({ status: 'paused' });

    registry.faults.clear();
    expect(await resume(id)).toMatchObject({ stage: 'done', manifestDigest: image.manifest.digest });
    expect(ranges()).toEqual([undefined, `bytes=${SENT}-`]);
    expect(registry.count(image.layers[0]!.digest)).toBe(1);
    expect(await bench.images.pulls()).toEqual([]);
    expect(await readdir(bench.folder.stateDirectory('leases'))).toEqual([]);
  });

  it('stays through a restart and through collections, and the same pull goes on with it', async () => {
    await pause();
    await bench.restart();
    clock.advance(6 * DAY_MS);
    await bench.images.collectGarbage();
    expect(await only()).toMatchObject({ status: 'paused', reference });
    registry.faults.clear();
    await bench.pull(reference);
    expect(ranges()).toEqual([undefined, `bytes=${SENT}-`]);
    expect(registry.count(image.layers[0]!.digest)).toBe(1);
    expect(await bench.images.pulls()).toEqual([]);
  });

  it('is forgotten after a week, with all that it has brought', async () => {
    await pause();
    clock.advance(8 * DAY_MS);
    expect(await bench.images.pulls()).toEqual([]);
    await bench.restart();
    await bench.images.collectGarbage();
    expect(await left()).toEqual([]);
  });

  it('leaves nothing when it is given up', async () => {
    await pause();
    const { id } = await only();
    const { freedBytes } = await bench.images.dropPull({ pull: id }, context);
    expect(freedBytes).toBeGreaterThan(image.layers[0]!.size + SENT);
    expect(await left()).toEqual([]);
    const gone = { code: 'not-found' };
    await expect(bench.images.dropPull({ pull: id }, context)).rejects.toMatchObject(gone);
    await expect(bench.images.pausePull({ pull: id })).rejects.toMatchObject(gone);
    expect(() => bench.images.resumePull({ pull: id, background: false }, context)).toThrow(/no such pull/);
  });
});

describe('a pull that runs', () => {
  it('can neither be resumed nor given up', async () => {
    const refusals: unknown[] = [];
    await halfway(({ id }) => {
      for (const ask of [() => resume(id), () => bench.images.dropPull({ pull: id }, context)]) {
        void ask().catch((thrown: unknown) => {
          refusals.push(thrown);
          if (refusals.length === 2) bench.taskAbort.abort();
        });
      }
    });
    expect(refusals).toMatchObject([{ code: 'conflict' }, { code: 'conflict' }]);
  });

  it('is not listed any more when a person has cancelled it', async () => {
    await halfway(() => bench.taskAbort.abort());
    expect(await bench.images.pulls()).toEqual([]);
  });

  it('is listed with its failure, and can be tried again', async () => {
    registry.faults.clear();
    registry.faults.add({ path: image.layers[1]!.digest, fault: { kind: 'status', status: 404 } });
    await expect(bench.pull(reference)).rejects.toMatchObject({ code: 'not-found' });
    const failed = await only();
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'not-found' } });
    registry.faults.clear();
    expect(await resume(failed.id)).toMatchObject({ stage: 'done' });
  });

  it('is not listed when it failed before anything was known of it', async () => {
    await expect(bench.pull(`${registry.host}/team/app:none`)).rejects.toMatchObject({ code: 'not-found' });
    expect(await bench.images.pulls()).toEqual([]);
  });
});

/** Files of blobs, of partial downloads and of records, and layers. */
async function left(): Promise<readonly string[]> {
  const { folder } = bench;
  const folders = [
    join(folder.contentDirectory, 'blobs/sha256'),
    folder.ingestDirectory,
    folder.stateDirectory('pulls'),
    folder.stateDirectory('leases'),
  ];
  const files = await Promise.all(folders.map((path) => readdir(path)));
  return [...files.flat(), ...(await bench.snapshotter.list()).map(({ chainId }) => chainId)];
}
