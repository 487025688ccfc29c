import type { ContentStore } from '../content/index.ts';
import { isEngineError } from '../errors/index.ts';
import type { Digest } from '../oci/index.ts';
import type { Snapshot, Snapshotter } from '../snapshots/index.ts';
import type { Catalog } from './catalog.ts';
import type { LeasedContent, Leases } from './leases.ts';

export interface GarbageParts {
  readonly catalog: Catalog;
  readonly leases: Leases;
  readonly content: ContentStore;
  readonly snapshotter: Snapshotter;
}

/**
 * Deletes blobs and layers that no image and no lease needs. Marking and sweeping is one step against `protect`: who
 * protects content finds it either there for good, or gone already.
 */
export class Garbage {
  private readonly parts: GarbageParts;
  private collecting: Promise<unknown> = Promise.resolve();
  private protecting = new Set<Promise<void>>();

  constructor(parts: GarbageParts) {
    this.parts = parts;
  }

  /** From its answer on, until the lease ends, the content is safe. */
  async protect(content: LeasedContent): Promise<void> {
    let seen: Promise<unknown>;
    do {
      seen = this.collecting;
      await seen;
    } while (seen !== this.collecting);
    const acquired = this.parts.leases.acquire(content);
    this.protecting.add(acquired);
    try {
      await acquired;
    } finally {
      this.protecting.delete(acquired);
    }
  }

  collect(): Promise<{ readonly freedBytes: number }> {
    const run = () => this.sweep();
    const collected = this.collecting.then(run);
    this.collecting = collected.catch(() => undefined);
    return collected;
  }

  private async sweep(): Promise<{ readonly freedBytes: number }> {
    const { catalog, leases, content } = this.parts;
    // What a damaged record stood for must stay: pulling the image again makes a new record, and lifts this.
    if (catalog.isIncomplete) return { freedBytes: 0 };
    await Promise.allSettled(this.protecting);
    await leases.forgetExpired();
    const { digests, chainIds } = this.mark();
    const blobs = (await content.list()).filter((digest) => !digests.has(digest));
    const freedBlobs = await content.remove(blobs);
    return { freedBytes: freedBlobs + (await this.sweepLayers(chainIds)) };
  }

  private mark(): { digests: ReadonlySet<Digest>; chainIds: ReadonlySet<Digest> } {
    const digests = new Set<Digest>();
    const chainIds = new Set<Digest>();
    for (const { id, manifest, layers } of this.parts.catalog.all()) {
      for (const digest of [id, manifest.digest, ...layers.map((layer) => layer.digest)]) digests.add(digest);
      for (const layer of layers) chainIds.add(layer.chainId);
    }
    for (const lease of this.parts.leases.held()) {
      for (const digest of lease.digests) digests.add(digest);
      for (const chainId of lease.chainIds) chainIds.add(chainId);
    }
    return { digests, chainIds };
  }

  private async sweepLayers(kept: ReadonlySet<Digest>): Promise<number> {
    const all = await this.parts.snapshotter.list();
    const unneeded = topFirst(all.filter(({ chainId }) => !kept.has(chainId)));
    if (unneeded.length === 0) return 0;
    try {
      return (await this.parts.snapshotter.remove(unneeded)).freedBytes;
    } catch (thrown) {
      if (!isEngineError(thrown, 'conflict')) throw thrown;
      return this.removeEach(unneeded);
    }
  }

  /** A container holds on to some of them: the others can go. */
  private async removeEach(chainIds: readonly Digest[]): Promise<number> {
    let freed = 0;
    for (const chainId of chainIds) {
      try {
        freed += (await this.parts.snapshotter.remove([chainId])).freedBytes;
      } catch (thrown) {
        if (!isEngineError(thrown, 'conflict')) throw thrown;
      }
    }
    return freed;
  }
}

/** A layer before the layer it stands on. */
function topFirst(snapshots: readonly Snapshot[]): readonly Digest[] {
  const parents = new Map(snapshots.map(({ chainId, parentChainId }) => [chainId, parentChainId]));
  const depthOf = (chainId: Digest): number => {
    let depth = 0;
    for (let below = parents.get(chainId); below !== null && below !== undefined; below = parents.get(below))
      depth++;
    return depth;
  };
  return snapshots
    .map(({ chainId }) => ({ chainId, depth: depthOf(chainId) }))
    .sort((a, b) => b.depth - a.depth)
    .map(({ chainId }) => chainId);
}
