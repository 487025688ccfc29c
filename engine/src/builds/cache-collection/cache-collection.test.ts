import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDataFolder } from '../../metadata/index.ts';
import { ManualClock } from '../../testing/clock/manual-clock.ts';
import { StepCache } from '../solver/step-cache.ts';
import { collect, collectAgainAndAgain, COLLECTED_EVERY_MS } from './cache-collection.ts';
import { CacheLimits, DEFAULT_LIMITS } from './cache-limits.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

let directory: string;
let folder: Awaited<ReturnType<typeof openDataFolder>>;
let clock: ManualClock;
let cache: StepCache;
let limits: CacheLimits;
let collections: number;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'longshore-limits-'));
  folder = await openDataFolder(directory);
  clock = new ManualClock();
  cache = await StepCache.open(folder, clock);
  limits = await CacheLimits.open(folder);
  collections = 0;
});
afterEach(() => rm(directory, { recursive: true }));

type Parts = Parameters<typeof collect>[0];

/** Only what a collection asks for. */
const parts = (): Parts =>
  ({
    cache,
    clock,
    images: {
      layersInUse: () => new Set<string>(),
      collectGarbage: () => {
        collections++;
        return Promise.resolve({ freedBytes: 0 });
      },
    },
    events: { publish: () => undefined },
    cacheFolders: { list: () => Promise.resolve([]) },
    report: (problem: string) => {
      throw new Error(problem);
    },
  }) as unknown as Parts;

const signal = new AbortController().signal;

/** A step that takes so many bytes. */
async function step(name: string, usageBytes: number): Promise<void> {
  const key = name.repeat(64).slice(0, 64);
  const words = { parent: '', instruction: '', files: '', variables: '' };
  const layer = { diffId: name, chainId: name, usageBytes, createdAt: null };
  await cache.put({ key, slot: name, parts: words, description: name }, [], layer);
}

const kept = (): readonly string[] => cache.entries(new Set()).map(({ description }) => description);

it('takes what was not used for too long', async () => {
  await step('a', 1);
  clock.advance(13 * DAY_MS);
  await step('b', 1);
  clock.advance(2 * DAY_MS);
  await collect(parts(), limits, signal);
  expect(kept()).toEqual(['b']);
  expect(collections).toBe(1);
});

it('takes what is beyond the size, the longest unused first', async () => {
  for (const name of ['a', 'b', 'c']) {
    await step(name, 40);
    clock.advance(1000);
  }
  await limits.save({ maxBytes: 100, maxUnusedSeconds: null });
  await collect(parts(), limits, signal);
  expect([...kept()].sort()).toEqual(['b', 'c']);
});

it('takes nothing without limits, and then asks nobody to collect', async () => {
  await step('a', 10 ** 15);
  clock.advance(1000 * DAY_MS);
  await limits.save({ maxBytes: null, maxUnusedSeconds: null });
  await collect(parts(), limits, signal);
  expect(kept()).toEqual(['a']);
  expect(collections).toBe(0);
});

it('comes again every hour', async () => {
  const ending = new AbortController();
  const collecting = collectAgainAndAgain(parts(), limits, ending.signal).catch(() => 'ended');
  await clock.asleepFor(COLLECTED_EVERY_MS);
  await step('a', 1);
  clock.advance(15 * DAY_MS);
  await clock.asleepFor(COLLECTED_EVERY_MS);
  expect(kept()).toEqual([]);
  ending.abort();
  expect(await collecting).toBe('ended');
});

it('has limits that outlive the engine', async () => {
  expect(limits.current).toEqual(DEFAULT_LIMITS);
  await limits.save({ maxBytes: 5, maxUnusedSeconds: null });
  expect((await CacheLimits.open(folder)).current).toEqual({ maxBytes: 5, maxUnusedSeconds: null });
});
