import type { BuildsParts } from '../build-parts.ts';
import { cacheUsage, outdated, pruneCache, type UpkeepParts } from '../solver/cache-upkeep.ts';
import type { CacheLimits } from './cache-limits.ts';

type CollectionParts = UpkeepParts & Pick<BuildsParts, 'report'>;
type Filters = Parameters<typeof pruneCache>[1];

export const COLLECTED_EVERY_MS = 60 * 60 * 1000;

/** Collects again and again, until the signal ends it. What fails is told, and tried again the next time. */
export async function collectAgainAndAgain(
  parts: CollectionParts,
  limits: CacheLimits,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await collect(parts, limits, signal).catch((thrown: unknown) => {
      signal.throwIfAborted();
      parts.report('The cache of builds could not be kept within its limits.', thrown);
    });
    await parts.clock.sleep(COLLECTED_EVERY_MS, signal);
  }
}

/** Takes what was not used for too long, and then what is beyond the size: the longest unused first. */
export async function collect(
  parts: CollectionParts,
  { current: { maxBytes, maxUnusedSeconds } }: CacheLimits,
  signal: AbortSignal,
): Promise<void> {
  if (maxUnusedSeconds !== null) {
    await pruneIfAny(parts, { all: false, unusedForSeconds: maxUnusedSeconds }, signal);
  }
  if (maxBytes !== null) await pruneIfAny(parts, { all: false, keepBytes: maxBytes }, signal);
}

/** Nobody hears of a collection that has nothing to take. */
async function pruneIfAny(parts: CollectionParts, filters: Filters, signal: AbortSignal): Promise<void> {
  const { entries } = await cacheUsage(parts, signal);
  if (outdated(entries, filters, parts.clock.now()).length > 0) await pruneCache(parts, filters, signal);
}
