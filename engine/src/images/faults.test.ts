import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { digestOf } from '../content/index.ts';
import { isEngineError } from '../errors/index.ts';
import { type Digest, parseDigest } from '../oci/index.ts';
import { HastyClock } from '../testing/clock/manual-clock.ts';
import { disk, type Fault } from '../testing/disk/faulty-disk.ts';
import { ImagesBench } from '../testing/images/images-bench.ts';
import { testArchive } from '../testing/images/test-archive.ts';
import { testImage, TestRegistry } from '../testing/index.ts';
import { MemorySnapshotter } from '../testing/snapshotter/memory-snapshotter.ts';

vi.mock('node:fs/promises', async (original) => {
  const faulty = await import('../testing/disk/faulty-disk.ts');
  return faulty.disk.promises(await original());
});
vi.mock('node:fs', async (original) => {
  const faulty = await import('../testing/disk/faulty-disk.ts');
  return faulty.disk.streams(await original());
});

const context = { signal: new AbortController().signal };
const LONG_MS = 30 * 24 * 60 * 60 * 1000;

/** An agent that a dead engine cannot ask for anything. */
class Agent extends MemorySnapshotter {
  override async unpack(...words: Parameters<MemorySnapshotter['unpack']>) {
    if (disk.isDead) throw new Error('killed');
    return super.unpack(...words);
  }

  override async remove(...words: Parameters<MemorySnapshotter['remove']>) {
    if (disk.isDead) throw new Error('killed');
    return super.remove(...words);
  }
}

/** Never waits, and can go on by weeks. */
class LeapingClock extends HastyClock {
  private ahead = 0;

  leap(milliseconds: number): void {
    this.ahead += milliseconds;
  }

  override now(): Date {
    return new Date(Date.now() + this.ahead);
  }
}

type Bench = ImagesBench<Agent>;

let registry: TestRegistry;
let keptName: string;
let comingName: string;
let archive: Uint8Array;
let rootfs: Uint8Array;

beforeAll(async () => {
  registry = await TestRegistry.start();
  const base = { 'etc/base': 'shared by both' };
  const kept = await testImage({ layers: [base, { 'etc/kept': 'only of this one' }] });
  const coming = await testImage({ layers: [base, { 'etc/coming': 'only of that one' }] });
  keptName = registry.push('kept', '1', kept);
  comingName = registry.push('coming', '1', coming);
  rootfs = await testArchive([['etc/imported', 'a file']]);
  await using bench = await ImagesBench.open();
  await bench.pull(comingName);
  const pieces: Uint8Array[] = [];
  for await (const piece of bench.images.save({ images: [comingName] }, context)) pieces.push(piece);
  archive = Buffer.concat(pieces);
});

afterAll(() => registry[Symbol.asyncDispose]());

async function* one<T>(item: T) {
  yield item;
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

interface Operation {
  readonly prepare?: (bench: Bench) => Promise<unknown>;
  readonly run: (bench: Bench) => Promise<unknown>;
  /** Changes nothing that needs room: a full disk may be no failure. */
  readonly needsNoRoom?: true;
}

const operations: Readonly<Record<string, Operation>> = {
  'a pull': { run: (bench) => bench.pull(comingName) },
  'a load': {
    run: (bench) => drain(bench.images.load({ name: 'it' }, one(archive), context)),
  },
  'an import': {
    run: (bench) =>
      drain(
        bench.images.import(
          { name: 'it', reference: 'imported:1', message: '', changes: [] },
          one(rootfs),
          context,
        ),
      ),
  },
  'a commit': {
    run: async (bench) => {
      const { id } = await bench.images.inspect({ image: keptName });
      const order = { baseImageId: id, run: {}, layer: one(rootfs), reference: 'made:1' };
      const words = { message: '', author: '', createdBy: 'sh', changes: [] };
      await bench.images.commit({ ...order, ...words }, context.signal);
    },
  },
  'a save': {
    run: (bench) => drain(bench.images.save({ images: [keptName] }, context)),
  },
  'a further name': {
    run: (bench) => bench.images.tag({ image: keptName, reference: 'other:1' }),
  },
  'a removal': {
    prepare: (bench) => bench.pull(comingName),
    run: (bench) => bench.images.remove({ image: comingName, force: false }),
    needsNoRoom: true,
  },
  'a prune': {
    prepare: async (bench) => {
      await bench.pull(comingName);
      const { id } = await bench.images.inspect({ image: keptName });
      bench.users.set(id, [{ id: 'c', name: 'c', running: true }]);
    },
    run: (bench) => bench.images.prune({ all: true, labels: [], labelsNot: [] }),
    needsNoRoom: true,
  },
};

async function openBench({ prepare }: Operation): Promise<{ bench: Bench; clock: LeapingClock }> {
  const clock = new LeapingClock();
  const bench = await ImagesBench.open({ snapshotter: new Agent(), clock });
  await bench.pull(keptName);
  await prepare?.(bench);
  return { bench, clock };
}

/** Every image has all it is made of, and nothing else is there. */
async function expectExact(bench: Bench, what: string): Promise<void> {
  const blobs = new Set<Digest>();
  const layers = new Set<string>();
  for (const { id } of await bench.images.list()) {
    const image = await bench.images.inspect({ image: id });
    for (const digest of [id, image.manifestDigest, ...image.layers.map((layer) => layer.digest)]) {
      blobs.add(parseDigest(digest));
      expect(digestOf(await bench.content.read(parseDigest(digest))), what).toBe(digest);
    }
    for (const { chainId } of image.layers) layers.add(chainId);
  }
  expect([...(await bench.content.list())].sort(), what).toEqual([...blobs].sort());
  const listed = (await bench.snapshotter.list()).map(({ chainId }) => chainId);
  expect([...listed].sort(), what).toEqual([...layers].sort());
}

/** The image that was there before is whole, whatever became of the other. */
async function expectKept(bench: Bench, what: string): Promise<void> {
  const { layers } = await bench.images.inspect({ image: keptName });
  expect(layers, what).toHaveLength(2);
  for (const { digest } of layers) {
    expect(await bench.content.sizeOf(parseDigest(digest)), what).toBeGreaterThan(0);
  }
  const listed = (await bench.snapshotter.list()).map(({ chainId }) => chainId);
  expect(listed, what).toEqual(expect.arrayContaining(layers.map(({ chainId }) => chainId)));
}

async function ingestNames(bench: Bench): Promise<readonly string[]> {
  return readdir(join(bench.directory, 'engine', 'ingest'));
}

/** One round for each change that the operation makes, until it makes no more. Returns how many there were. */
async function walk(
  operation: Operation,
  fault: Fault,
  round: (bench: Bench, clock: LeapingClock, failure: unknown) => Promise<void>,
): Promise<number> {
  for (let at = 0; ; at += 1) {
    const { bench, clock } = await openBench(operation);
    await using _ = bench;
    disk.arm(fault, at);
    const failure: unknown = await operation.run(bench).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (disk.struck === null) {
      disk.heal();
      return at;
    }
    await round(bench, clock, failure);
  }
}

describe.each(Object.entries(operations))('%s', (_, operation) => {
  it('may be killed at any change of the disk: nothing is lost, and it can be done again', async () => {
    const points = await walk(operation, 'crash', async (bench, clock) => {
      const what = `killed at ${disk.struck}`;
      await bench.close().catch(() => undefined);
      disk.heal();
      await bench.restart();
      await expectKept(bench, what);
      await operation.run(bench).catch((thrown: unknown) => {
        // It had come so far that there is nothing to remove any more.
        if (!isEngineError(thrown, 'not-found')) throw thrown;
      });
      await expectKept(bench, what);
      clock.leap(LONG_MS);
      await bench.restart();
      await bench.images.collectGarbage();
      await expectExact(bench, what);
      expect(await ingestNames(bench), what).toEqual([]);
    });
    expect(points).toBeGreaterThan(2);
  }, 120_000);

  it('may find the disk full at any change: it says so, and leaves nothing', async () => {
    await walk(operation, 'full', async (bench, clock, failure) => {
      const what = `full at ${disk.struck}`;
      disk.heal();
      if (operation.needsNoRoom !== true || failure !== null) {
        expect(failure, what).toMatchObject({ code: 'failed-precondition', detail: { errno: 'ENOSPC' } });
      }
      await expectKept(bench, what);
      clock.leap(LONG_MS);
      await bench.images.collectGarbage();
      await expectExact(bench, what);
      expect(await ingestNames(bench), what).toEqual([]);
    });
  }, 120_000);
});
