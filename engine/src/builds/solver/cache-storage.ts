import type { BuildCacheEntry, DiskUsage, PrunableItem, PrunedBuildCache } from '../../types/index.ts';
import type { BuildsParts } from '../build-parts.ts';
import { cacheUsage, outdated, pruneCache, type UpkeepParts } from './cache-upkeep.ts';

type StorageParts = UpkeepParts & Pick<BuildsParts, 'snapshotter'>;

interface CacheFilters {
  readonly all: boolean;
  /** Last used before this moment: ISO 8601. */
  readonly until?: string | undefined;
}

interface Prunable {
  readonly items: readonly PrunableItem[];
  /** ChainIDs that the cache would not hold any more. */
  readonly released: ReadonlySet<string>;
  /** Of the folders of cache mounts. */
  readonly folderBytes: number;
}

/** The cache of builds as far as the disk is concerned. */
export class CacheStorage {
  private readonly parts: StorageParts;

  constructor(parts: StorageParts) {
    this.parts = parts;
  }

  /** Layers that an image has as well are counted there. */
  async usage(signal: AbortSignal): Promise<DiskUsage['buildCache']> {
    const { cache, images, snapshotter } = this.parts;
    const { entries } = await cacheUsage(this.parts, signal);
    const ofImages = images.layersInUse();
    const own = new Set(cache.held().filter((chainId) => !ofImages.has(chainId)));
    const layers = (await snapshotter.list({ signal })).filter(({ chainId }) => own.has(chainId));
    const folders = entries.filter(({ kind }) => kind === 'mount');
    const active = entries.filter(({ inUse }) => inUse);
    const totalBytes = sum(layers.map(({ usageBytes }) => usageBytes)) + sum(folders.map(bytesOf));
    return {
      totalBytes,
      reclaimableBytes: totalBytes - sum(active.map((entry) => this.bytesAlone(entry))),
      activeCount: active.length,
      items: [...entries].sort((a, b) => b.sizeBytes - a.sizeBytes),
    };
  }

  async prunable(filters: CacheFilters, signal: AbortSignal): Promise<Prunable> {
    const { cache, clock } = this.parts;
    const { entries } = await cacheUsage(this.parts, signal);
    const going = outdated(entries, this.askedOf(filters), clock.now());
    const kept = new Set(cache.held(new Set(going.map(({ id }) => id))));
    return {
      items: going.map((entry) => ({
        id: entry.id,
        name: entry.description,
        bytes: this.bytesAlone(entry),
      })),
      released: new Set(cache.held().filter((chainId) => !kept.has(chainId))),
      folderBytes: sum(going.filter(({ kind }) => kind === 'mount').map(bytesOf)),
    };
  }

  prune(filters: CacheFilters, signal: AbortSignal): Promise<PrunedBuildCache> {
    return pruneCache(this.parts, this.askedOf(filters), signal);
  }

  private bytesAlone(entry: BuildCacheEntry): number {
    const layer = this.parts.cache.layerOf(entry.id);
    return layer !== null && this.parts.images.layersInUse().has(layer) ? 0 : entry.sizeBytes;
  }

  private askedOf({ all, until }: CacheFilters): { all: boolean; unusedForSeconds?: number } {
    if (until === undefined) return { all };
    const age = this.parts.clock.now().getTime() - Date.parse(until);
    return { all, unusedForSeconds: Math.max(0, Math.floor(age / 1000)) };
  }
}

function bytesOf({ sizeBytes }: BuildCacheEntry): number {
  return sizeBytes;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
