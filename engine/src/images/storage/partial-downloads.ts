import type { PartialBlob } from '../../content/index.ts';
import type { Digest } from '../../oci/index.ts';
import type { DiskUsage, PartialDiskUsage } from '../../types/index.ts';
import type { Content, Stock } from './stock.ts';

export interface PartialParts {
  readonly stock: Stock;
  /** Of the images. */
  readonly wanted: Content;
  readonly leased: Content;
  readonly partials: readonly PartialBlob[];
}

/** What is there and is of no image (yet): of pulls under way or interrupted, and what the next collection takes. */
export function partialDownloads(parts: PartialParts): DiskUsage['partialDownloads'] {
  const { stock, wanted, leased, partials } = parts;
  const items = [
    ...partials.map(({ digest, diskBytes }) => ({ digest, sizeBytes: diskBytes, kept: true })),
    ...unwanted(stock.blobs, wanted.digests, leased.digests),
    ...unwanted(stock.layers, wanted.chainIds, leased.chainIds),
  ].sort((a, b) => b.sizeBytes - a.sizeBytes);
  const kept = items.filter((item) => item.kept);
  const totalBytes = sizeOf(items);
  return { totalBytes, reclaimableBytes: totalBytes - sizeOf(kept), activeCount: kept.length, items };
}

function unwanted(
  stock: ReadonlyMap<Digest, number>,
  wanted: ReadonlySet<Digest>,
  leased: ReadonlySet<Digest>,
): readonly PartialDiskUsage[] {
  return [...stock]
    .filter(([digest]) => !wanted.has(digest))
    .map(([digest, sizeBytes]) => ({ digest, sizeBytes, kept: leased.has(digest) }));
}

function sizeOf(items: readonly PartialDiskUsage[]): number {
  return items.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
}
