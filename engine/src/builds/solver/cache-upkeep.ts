import type { BuildCacheEntry, BuildCacheUsage, PrunedBuildCache } from '../../types/index.ts';
import type { EngineHandlers } from '../../contract/index.ts';
import type { BuildsParts } from '../build-parts.ts';
import type { CacheFolders } from '../executor/mounts/cache-folders.ts';

type CacheFilters = Parameters<EngineHandlers['builds']['pruneCache']>[0];

/** What there is to keep, and by whom. */
export interface UpkeepParts extends Pick<BuildsParts, 'cache' | 'images' | 'events' | 'clock'> {
  readonly cacheFolders: CacheFolders;
}

/** Layers of steps, and the folders of cache mounts. */
export async function cacheUsage(parts: UpkeepParts, signal: AbortSignal): Promise<BuildCacheUsage> {
  const entries = [
    ...parts.cache.entries(parts.images.layersInUse()),
    ...(await parts.cacheFolders.list(signal)),
  ];
  const bytesOf = (some: readonly BuildCacheEntry[]): number =>
    some.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const free = entries.filter(({ shared, inUse }) => !shared && !inUse);
  return { entries, totalBytes: bytesOf(entries), reclaimableBytes: bytesOf(free) };
}

/** Layers that images have stay with them. */
export async function pruneCache(
  parts: UpkeepParts,
  filters: CacheFilters,
  signal: AbortSignal,
): Promise<PrunedBuildCache> {
  const { cache, images, events, cacheFolders } = parts;
  const { entries } = await cacheUsage(parts, signal);
  const going = outdated(entries, filters, parts.clock.now());
  const steps = going.filter(({ kind }) => kind === 'step').map(({ id }) => id);
  await cache.forget(steps);
  const removed = [...steps];
  let { freedBytes } = await images.collectGarbage();
  for (const { id, kind, sizeBytes } of going) {
    if (kind === 'mount' && (await cacheFolders.remove(id, signal))) {
      removed.push(id);
      freedBytes += sizeBytes;
    }
  }
  events.publish({ type: 'build', action: 'prune', id: '' });
  return { removed, freedBytes };
}

/** Of `entries`, what a pruning with these filters takes. */
export function outdated(
  entries: readonly BuildCacheEntry[],
  { all, unusedForSeconds, keepBytes }: CacheFilters,
  now: Date,
): readonly BuildCacheEntry[] {
  const limit = now.getTime() - (unusedForSeconds ?? 0) * 1000;
  let kept = 0;
  // A folder's content is lost for good: it goes with everything, or for its age.
  const asked = entries.filter(({ kind }) => kind === 'step' || all || unusedForSeconds !== undefined);
  const latestFirst = asked.sort((a, b) => (a.lastUsedAt < b.lastUsedAt ? 1 : -1));
  return latestFirst.filter(({ lastUsedAt, sizeBytes, inUse }) => {
    if (inUse || (unusedForSeconds !== undefined && Date.parse(lastUsedAt) > limit)) return false;
    if (keepBytes === undefined) return true;
    kept += sizeBytes;
    return kept > keepBytes;
  });
}
