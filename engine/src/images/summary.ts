import type { ImageConfig } from '../oci/index.ts';
import type { ImageDetails, ImageSummary } from '../types/index.ts';
import type { Catalog } from './catalog.ts';
import type { ImageUse } from './image-use.ts';
import { familiarRepoDigest } from './lookup.ts';
import { type ImageRecord, platformOf } from './records.ts';

/** How many images each layer is part of, by ChainID. */
export function countSharing(images: readonly ImageRecord[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const image of images) {
    for (const chainId of new Set(image.layers.map((layer) => layer.chainId))) {
      counts.set(chainId, (counts.get(chainId) ?? 0) + 1);
    }
  }
  return counts;
}

export function summarize(
  image: ImageRecord,
  catalog: Catalog,
  use: ImageUse,
  sharing: ReadonlyMap<string, number> = countSharing(catalog.all()),
): ImageSummary {
  const unique = image.layers.filter((layer) => (sharing.get(layer.chainId) ?? 1) <= 1);
  return {
    id: image.id,
    references: catalog.familiarReferencesOf(image.id),
    repoDigests: image.repoDigests.map(familiarRepoDigest),
    createdAt: image.createdAt,
    sizeBytes: totalUsage(image.layers),
    uniqueBytes: totalUsage(unique),
    platform: platformOf(image),
    labels: image.labels,
    usedBy: use.usersOf(image.id).map(({ name }) => name),
  };
}

export function detail(image: ImageRecord, summary: ImageSummary, config: ImageConfig): ImageDetails {
  return {
    ...summary,
    manifestDigest: image.manifest.digest,
    mediaType: image.manifest.mediaType,
    config: config.run,
    layers: image.layers.map(({ digest, diffId, chainId, mediaType, size }) => ({
      digest,
      diffId,
      chainId,
      mediaType,
      sizeBytes: size,
    })),
    history: config.history,
    author: config.author,
  };
}

function totalUsage(layers: ImageRecord['layers']): number {
  return layers.reduce((total, layer) => total + layer.usageBytes, 0);
}
