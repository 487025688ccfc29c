import { beforeAbort } from '../before-abort.ts';
import type { ContentStore } from '../content/index.ts';
import { isEngineError, toEngineError } from '../errors/index.ts';
import type { Digest } from '../oci/index.ts';
import type { Snapshot, Snapshotter } from '../snapshots/index.ts';
import type { Catalog } from './catalog.ts';
import { type LeasedContent, leaseOf, type Leases } from './leases.ts';

export interface GarbageParts {
  readonly catalog: Catalog;
  readonly leases: Leases;
  readonly content: ContentStore;
  readonly snapshotter: Snapshotter;
  /** ChainIDs that somebody else wants to stay: the cache of builds. */
  readonly heldLayers?: () => readonly Digest[];
}

interface Wanted {
  readonly digests: ReadonlySet<Digest>;
  readonly chainIds: ReadonlySet<Digest>;
}

const NONE: ReadonlySet<Digest> = new Set();

/**
 * Deletes blobs and layers that no image and no lease needs. Marking and sweeping is one step against `protect`: who
 * protects content finds it either there for good, or gone already.
 */
export class Garbage {
  private readonly parts: GarbageParts;
  private collecting: Promise<unknown> = Promise.resolve();
  private protecting = new Set<Promise<unknown>>();

  constructor(parts: GarbageParts) {
    this.parts = parts;
  }

  /** From its answer on, until the lease ends, the content is safe. Waits for a collection that is under way. */
  async protect(content: LeasedContent, signal: AbortSignal): Promise<void> {
    await this.uncollected(() => this.parts.leases.acquire(content), signal);
  }

  /** Does work while nothing is collected: what it makes and then holds cannot be taken in between. */
  async uncollected<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    let seen: Promise<unknown>;
    do {
      seen = this.collecting;
      await beforeAbort(seen, signal);
    } while (seen !== this.collecting);
    const working = work();
    this.protecting.add(working);
    try {
      return await working;
    } finally {
      this.protecting.delete(working);
    }
  }

  /** One collection after the other. The signal ends it between two steps, with the rest left for the next one. */
  collect(signal: AbortSignal): Promise<{ readonly freedBytes: number }> {
    const collected = this.collecting.then(() => this.sweep(signal));
    this.collecting = collected.catch(() => undefined);
    return collected;
  }

  /** After something went wrong: what it left goes now, or with the next collection if this one fails as well. */
  async collectAfterFailure(): Promise<void> {
    await this.collect(new AbortController().signal).catch(() => undefined);
  }

  /** Bytes that a collection would free if these images were gone, and nobody held the layers `released` any more. */
  async freedWithout(
    ids: ReadonlySet<Digest>,
    signal: AbortSignal,
    released: ReadonlySet<string> = NONE,
  ): Promise<number> {
    const { catalog, content, snapshotter } = this.parts;
    if (catalog.isIncomplete) return 0;
    const snapshots = await snapshotter.list({ signal });
    const blobs = await content.list();
    const wanted = this.mark(ids, released);
    let freed = 0;
    for (const digest of blobs) if (!wanted.digests.has(digest)) freed += await content.sizeOf(digest);
    for (const { chainId, usageBytes } of snapshots) if (!wanted.chainIds.has(chainId)) freed += usageBytes;
    return freed;
  }

  /** ChainIDs that somebody besides the images holds. */
  held(): ReadonlySet<Digest> {
    return new Set(this.parts.heldLayers?.() ?? []);
  }

  /** All that must stay although no image has it. */
  leased(): Wanted {
    return this.mark(new Set(this.parts.catalog.allOnDisk().map(({ id }) => id)));
  }

  /**
   * What there is comes first, then what is wanted, and nothing between that and the deleting: an image that appears
   * while we look is wanted, and an agent that cannot answer costs nothing.
   */
  private async sweep(signal: AbortSignal): Promise<{ readonly freedBytes: number }> {
    const { catalog, leases, content, snapshotter } = this.parts;
    // What a damaged record stood for must stay: a new record of it, by a rebuild or a pull, lifts this.
    if (catalog.isIncomplete) return { freedBytes: 0 };
    await Promise.allSettled(this.protecting);
    await leases.forgetExpired();
    const snapshots = await snapshotter.list({ signal });
    const blobs = await content.list();
    if (signal.aborted) throw toEngineError(signal.reason);
    const wanted = this.mark();
    const layers = topFirst(snapshots.filter(({ chainId }) => !wanted.chainIds.has(chainId)));
    const freedBlobs = await content.remove(blobs.filter((digest) => !wanted.digests.has(digest)));
    return { freedBytes: freedBlobs + (await this.removeLayers(layers, signal)) };
  }

  private mark(without: ReadonlySet<Digest> = NONE, released: ReadonlySet<string> = NONE): Wanted {
    const { catalog, leases } = this.parts;
    const held = [...this.held()].filter((chainId) => !released.has(chainId));
    const images = catalog.allOnDisk().filter(({ id }) => !without.has(id));
    const all = [...images.map(leaseOf), ...leases.held()];
    return {
      digests: new Set(all.flatMap(({ digests }) => digests)),
      chainIds: new Set([...all.flatMap(({ chainIds }) => chainIds), ...held]),
    };
  }

  private async removeLayers(chainIds: readonly Digest[], signal: AbortSignal): Promise<number> {
    if (chainIds.length === 0) return 0;
    try {
      return (await this.parts.snapshotter.remove(chainIds, { signal })).freedBytes;
    } catch (thrown) {
      if (!isEngineError(thrown, 'conflict')) throw thrown;
      return this.removeEach(chainIds, signal);
    }
  }

  /** A container holds on to some of them: the others can go. */
  private async removeEach(chainIds: readonly Digest[], signal: AbortSignal): Promise<number> {
    let freed = 0;
    for (const chainId of chainIds) {
      try {
        freed += (await this.parts.snapshotter.remove([chainId], { signal })).freedBytes;
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
