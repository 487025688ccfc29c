import type { ImageConfig } from '../oci/index.ts';
import type { ImageDetails, ImagePlatform, ImageSummary } from '../types/index.ts';
import type { Catalog } from './catalog.ts';
import type { ImageUse } from './image-use.ts';
import { familiarRepoDigest } from './lookup.ts';
import { type ImageRecord, type LayerRecord, platformOf } from './records.ts';
import { membersOf } from './siblings.ts';

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
  const members = membersOf(catalog, image);
  const own = countSharing(members);
  const layers = new Map(members.flatMap((member) => member.layers.map((layer) => [layer.chainId, layer])));
  const unique = [...layers.values()].filter(
    ({ chainId }) => (sharing.get(chainId) ?? 1) <= (own.get(chainId) ?? 1),
  );
  const platforms = platformsOf(catalog, image);
  return {
    id: image.id,
    references: catalog.familiarReferencesOf(image.id),
    repoDigests: image.repoDigests.map(familiarRepoDigest),
    createdAt: image.createdAt,
    sizeBytes: totalUsage([...layers.values()]),
    uniqueBytes: totalUsage(unique),
    platform: platformOf(image),
    ...(platforms !== null && { platforms }),
    labels: image.labels,
    usedBy: members.flatMap(({ id }) => use.usersOf(id).map(({ name }) => name)),
  };
}

/** What its index offers, and which of it is here; null for an image for one platform alone. */
function platformsOf(catalog: Catalog, image: ImageRecord): readonly ImagePlatform[] | null {
  if (image.index === undefined || image.index.manifests.length < 2) return null;
  const here = [image, ...catalog.siblingsOf(image)];
  return image.index.manifests.map(({ digest, platform }) => {
    const present = here.find(({ manifest }) => manifest.digest === digest);
    return {
      platform: platformOf({ platform }),
      manifestDigest: digest,
      id: present?.id ?? null,
      sizeBytes: present === undefined ? 0 : totalUsage(present.layers),
    };
  });
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

function totalUsage(layers: readonly LayerRecord[]): number {
  return layers.reduce((total, layer) => total + layer.usageBytes, 0);
}
