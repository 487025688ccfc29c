import type { ImagePruneFilters } from '../../contract/index.ts';
import type { ContentStore } from '../../content/index.ts';
import type { Digest } from '../../oci/index.ts';
import type { Snapshotter } from '../../snapshots/index.ts';
import type { DiskUsage, ImageDiskUsage, PrunableItem, RemovedImage } from '../../types/index.ts';
import type { ImageUse } from '../image-use.ts';
import { leaseOf } from '../leases.ts';
import { findPrunable, pruneImages, type PruningParts } from '../prune/pruning.ts';
import type { ImageRecord } from '../records.ts';
import { representativeOf } from '../siblings.ts';
import { partialDownloads } from './partial-downloads.ts';
import type { Content, Stock } from './stock.ts';

export interface ImageStorageParts extends PruningParts {
  readonly content: ContentStore;
  readonly snapshotter: Snapshotter;
}

/** The images as far as the disk is concerned. */
export class ImageStorage {
  private readonly parts: ImageStorageParts;
  private readonly closing: AbortSignal;

  /** `closing`: ends a pruning, which goes on when its caller leaves. */
  constructor(parts: ImageStorageParts, closing: AbortSignal) {
    this.parts = parts;
    this.closing = closing;
  }

  async usage(signal: AbortSignal): Promise<Pick<DiskUsage, 'images' | 'partialDownloads'>> {
    const { catalog, content, garbage } = this.parts;
    const stock = await this.stock(signal);
    const images = catalog.allOnDisk();
    const { digests, chainIds } = contentOf(images);
    // What the cache of builds holds is counted there.
    const wanted = { digests, chainIds: new Set([...chainIds, ...garbage.held()]) };
    return {
      images: this.imagesPart(images, stock),
      partialDownloads: partialDownloads({
        stock,
        wanted,
        leased: garbage.leased(),
        partials: await content.partials(),
      }),
    };
  }

  /** ChainIDs of all images. */
  layersInUse(): ReadonlySet<Digest> {
    return contentOf(this.parts.catalog.allOnDisk()).chainIds;
  }

  async prunable(
    filters: ImagePruneFilters,
    { without, released }: { readonly without: ReadonlySet<string>; readonly released: ReadonlySet<string> },
    signal: AbortSignal,
  ): Promise<{ readonly items: readonly PrunableItem[]; readonly freedBytes: number }> {
    const use = useWithout(this.parts.use, without);
    const { images, freedBytes } = await findPrunable({ ...this.parts, use }, filters, signal, released);
    const items = images.map(({ id, references, uniqueBytes }) => ({
      id,
      name: references.join(', ') || id,
      bytes: uniqueBytes,
    }));
    return { items, freedBytes };
  }

  prune(filters: ImagePruneFilters): Promise<RemovedImage> {
    return pruneImages(this.parts, filters, this.closing);
  }

  private imagesPart(images: readonly ImageRecord[], stock: Stock): DiskUsage['images'] {
    const { use } = this.parts;
    const users = { digests: countUsers(images, 'digests'), chainIds: countUsers(images, 'chainIds') };
    const items = images.map((image) => this.itemOf(image, stock, users));
    const needed = images.filter(({ id }) => use.usersOf(id).length > 0);
    const totalBytes = bytesOf(contentOf(images), stock);
    return {
      totalBytes,
      reclaimableBytes: totalBytes - bytesOf(contentOf(needed), stock),
      activeCount: needed.length,
      items: items.sort((a, b) => b.sizeBytes - a.sizeBytes),
    };
  }

  private itemOf(image: ImageRecord, stock: Stock, users: Users): ImageDiskUsage {
    const { catalog, use } = this.parts;
    const all = contentOf([image]);
    const own = (noun: keyof Content) => new Set([...all[noun]].filter((id) => users[noun].get(id) === 1));
    const sizeBytes = bytesOf(all, stock);
    const uniqueBytes = bytesOf({ digests: own('digests'), chainIds: own('chainIds') }, stock);
    return {
      id: image.id,
      references: catalog.familiarReferencesOf(representativeOf(catalog, image).id),
      createdAt: image.createdAt,
      sizeBytes,
      uniqueBytes,
      sharedBytes: sizeBytes - uniqueBytes,
      usedBy: use.usersOf(image.id).map(({ name }) => name),
    };
  }

  private async stock(signal: AbortSignal): Promise<Stock> {
    const { content, snapshotter } = this.parts;
    const snapshots = await snapshotter.list({ signal });
    return {
      blobs: await content.diskBytes(),
      layers: new Map(snapshots.map(({ chainId, usageBytes }) => [chainId, usageBytes])),
    };
  }
}

type Users = Readonly<Record<keyof Content, ReadonlyMap<Digest, number>>>;

function contentOf(images: readonly ImageRecord[]): Content {
  const all = images.map(leaseOf);
  return {
    digests: new Set(all.flatMap(({ digests }) => digests)),
    chainIds: new Set(all.flatMap(({ chainIds }) => chainIds)),
  };
}

function bytesOf({ digests, chainIds }: Content, { blobs, layers }: Stock): number {
  let bytes = 0;
  for (const digest of digests) bytes += blobs.get(digest) ?? 0;
  for (const chainId of chainIds) bytes += layers.get(chainId) ?? 0;
  return bytes;
}

/** How many images have each blob, or each layer. */
function countUsers(images: readonly ImageRecord[], noun: keyof Content): ReadonlyMap<Digest, number> {
  const counts = new Map<Digest, number>();
  for (const image of images) {
    for (const digest of contentOf([image])[noun]) counts.set(digest, (counts.get(digest) ?? 0) + 1);
  }
  return counts;
}

function useWithout(use: ImageUse, without: ReadonlySet<string>): ImageUse {
  return { usersOf: (imageId) => use.usersOf(imageId).filter(({ id }) => !without.has(id)) };
}
