import { join } from 'node:path';
import type { EngineHandlers, HandlerContext, SystemPruneFilters } from '../../contract/index.ts';
import type { Agent } from '../../runtime/index.ts';
import type { DiskUsage, PrunableSystem, PrunedSystem } from '../../types/index.ts';
import { diskBytes } from './measuring.ts';
import type { PrunableCache, StorageNouns } from './nouns.ts';
import { containersUsage, volumesUsage } from './nouns-usage.ts';

export interface StorageParts {
  readonly dataDir: string;
  readonly agent: Pick<Agent, 'dataBytes'>;
  readonly nouns: StorageNouns;
}

/** The data folder as a whole: what takes how much of the disk, and what may go. */
export class Storage {
  private readonly parts: StorageParts;

  constructor(parts: StorageParts) {
    this.parts = parts;
  }

  readonly handlers: Pick<EngineHandlers['system'], 'diskUsage' | 'prunable' | 'prune'> = {
    diskUsage: (_, { signal }) => this.usage(signal),
    prunable: (filters, { signal }) => this.prunable(filters, signal),
    prune: (filters, context) => this.prune(filters, context),
  };

  private async usage(signal: AbortSignal): Promise<DiskUsage> {
    const { images, containers, volumes, buildCache } = this.parts.nouns;
    const totalBytes = await this.totalBytes(signal);
    const parts = {
      ...(await images.usage(signal)),
      containers: await containersUsage(containers, { signal }),
      ...(await volumesUsage(volumes, { signal })),
      buildCache: await buildCache.usage(signal),
    };
    const known = sum(Object.values(parts).map((part) => part.totalBytes));
    return {
      // Something may have grown between the measures.
      totalBytes: Math.max(totalBytes, known),
      reclaimableBytes: sum(Object.values(parts).map((part) => part.reclaimableBytes)),
      ...parts,
      otherBytes: Math.max(0, totalBytes - known),
    };
  }

  /** The agent's folder is open to nobody else. */
  private async totalBytes(signal: AbortSignal): Promise<number> {
    const { agent, dataDir } = this.parts;
    const ours = await diskBytes(dataDir, new Set([join(dataDir, 'agent')]), signal);
    return ours + (await agent.dataBytes({ signal }));
  }

  private async prunable(filters: SystemPruneFilters, signal: AbortSignal): Promise<PrunableSystem> {
    const { all, volumes: withVolumes, labels, labelsNot, until } = filters;
    const { nouns } = this.parts;
    const common = { labels, labelsNot, until };
    const containers = await nouns.containers.prunable(common, signal);
    const without = new Set(containers.map(({ id }) => id));
    const networks = nouns.networks.prunable(common, without);
    const volumes = withVolumes
      ? await nouns.volumes.prunable({ all: false, labels, labelsNot }, without, signal)
      : [];
    const cache = cacheIsMeant(filters) ? await nouns.buildCache.prunable({ all, until }, signal) : NO_CACHE;
    const { released, folderBytes } = cache;
    const images = await nouns.images.prunable({ all, ...common }, { without, released }, signal);
    const single = [...containers, ...volumes].map(({ bytes }) => bytes);
    const freedBytes = sum(single) + images.freedBytes + folderBytes;
    return { containers, networks, volumes, images: images.items, buildCache: cache.items, freedBytes };
  }

  /** Docker's order: what is needed by something goes after it. */
  private async prune(filters: SystemPruneFilters, context: HandlerContext): Promise<PrunedSystem> {
    const { all, volumes: withVolumes, labels, labelsNot, until } = filters;
    const { nouns } = this.parts;
    const common = { labels, labelsNot, until };
    const containers = await nouns.containers.handlers.prune(common, context);
    const networks = await nouns.networks.handlers.prune(common, context);
    const volumes = withVolumes
      ? await nouns.volumes.handlers.prune({ all: false, labels, labelsNot }, context)
      : null;
    const images = await nouns.images.prune({ all, ...common });
    const cache = cacheIsMeant(filters)
      ? await nouns.buildCache.prune({ all, until }, context.signal)
      : undefined;
    return {
      containers: containers.removed,
      networks: networks.removed.map(({ name }) => name),
      volumes: volumes?.removed ?? [],
      images: { untagged: images.untagged, deleted: images.deleted },
      buildCache: cache?.removed ?? [],
      freedBytes: sum([
        containers.freedBytes,
        volumes?.freedBytes ?? 0,
        images.freedBytes,
        cache?.freedBytes ?? 0,
      ]),
    };
  }
}

const NO_CACHE: PrunableCache = { items: [], released: new Set(), folderBytes: 0 };

/** What a build leaves has no labels. */
function cacheIsMeant({ labels }: SystemPruneFilters): boolean {
  return labels.length === 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
