import type { EngineHandlers, ImagePruneFilters } from '../../contract/index.ts';
import type { DiskUsage, PrunableItem, RemovedImage } from '../../types/index.ts';

/** What the prune filters of all nouns have, as the contract has them. */
export interface PruneInput {
  labels: string[];
  labelsNot: string[];
  until?: string | undefined;
}

export type VolumePruneInput = Parameters<EngineHandlers['volumes']['prune']>[0];

/** Ids of containers that are taken for gone already. */
export type Without = ReadonlySet<string>;

/** Each noun that keeps something on the disk, as far as the disk is concerned. */
export interface StorageNouns {
  readonly images: ImageStorage;
  readonly containers: ContainerStorage;
  readonly networks: NetworkStorage;
  readonly volumes: VolumeStorage;
  readonly buildCache: BuildCacheStorage;
}

export interface ImageStorage {
  usage(signal: AbortSignal): Promise<Pick<DiskUsage, 'images' | 'partialDownloads'>>;
  /**
   * `released`: ChainIDs that the cache of builds lets go at the same time. `freedBytes`: of all of them together, with
   * what is released.
   */
  prunable(
    filters: ImagePruneFilters,
    gone: { readonly without: Without; readonly released: ReadonlySet<string> },
    signal: AbortSignal,
  ): Promise<{ readonly items: readonly PrunableItem[]; readonly freedBytes: number }>;
  prune(filters: ImagePruneFilters): Promise<RemovedImage>;
}

export interface ContainerStorage {
  readonly handlers: Pick<EngineHandlers['containers'], 'list' | 'usage' | 'prune'>;
  prunable(filters: PruneInput, signal: AbortSignal): Promise<readonly PrunableItem[]>;
}

export interface NetworkStorage {
  readonly handlers: Pick<EngineHandlers['networks'], 'prune'>;
  prunable(filters: PruneInput, without: Without): readonly PrunableItem[];
}

export interface VolumeStorage {
  readonly handlers: Pick<EngineHandlers['volumes'], 'list' | 'usage' | 'trash' | 'prune'>;
  prunable(
    filters: VolumePruneInput,
    without: Without,
    signal: AbortSignal,
  ): Promise<readonly PrunableItem[]>;
}

export interface PrunableCache {
  readonly items: readonly PrunableItem[];
  /** ChainIDs of layers that the cache would not hold any more. */
  readonly released: ReadonlySet<string>;
  /** Of what is no layer. */
  readonly folderBytes: number;
}

export interface BuildCacheStorage {
  usage(signal: AbortSignal): Promise<DiskUsage['buildCache']>;
  prunable(filters: BuildCacheFilters, signal: AbortSignal): Promise<PrunableCache>;
  prune(
    filters: BuildCacheFilters,
    signal: AbortSignal,
  ): Promise<{ readonly removed: readonly string[]; readonly freedBytes: number }>;
}

export interface BuildCacheFilters {
  /** Also what an image or a later build could use again. */
  readonly all: boolean;
  /** Last used before this moment: ISO 8601. */
  readonly until?: string | undefined;
}
