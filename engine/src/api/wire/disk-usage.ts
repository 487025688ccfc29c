import type { ContainerDetails, DiskUsage, ImageSummary, Volume } from '../../types/index.ts';
import { containerSummaryJson } from './container-summary.ts';
import { imageSummaryJson } from './image.ts';
import { volumeJson } from './volume.ts';

export interface DiskUsageParts {
  readonly usage: DiskUsage;
  readonly images: readonly ImageSummary[];
  readonly containers: readonly ContainerDetails[];
  readonly volumes: readonly Volume[];
}

/** What may be asked for alone. */
type DiskUsageType = 'container' | 'image' | 'volume' | 'build-cache';

/** `GET /system/df`; of `types` only these, or all. */
export function diskUsageJson(parts: DiskUsageParts, types: readonly string[], version: number): object {
  const wants = (type: DiskUsageType) => types.length === 0 || types.includes(type);
  const { usage } = parts;
  return {
    ...(wants('image') && { LayersSize: usage.images.totalBytes, Images: imagesJson(parts, version) }),
    ...(wants('container') && { Containers: containersJson(parts, version) }),
    ...(wants('volume') && { Volumes: volumesJson(parts) }),
    ...(wants('build-cache') && { BuildCache: buildCacheJson(usage) }),
    ...(types.length === 0 && { BuilderSize: usage.buildCache.totalBytes }),
  };
}

/** Sizes as the disk has them, so that the parts add up to the whole. */
function imagesJson({ usage, images }: DiskUsageParts, version: number): readonly object[] {
  const measured = new Map(usage.images.items.map((image) => [image.id, image]));
  return images.map((image) => {
    const { sizeBytes, uniqueBytes } = measured.get(image.id) ?? image;
    return imageSummaryJson({ ...image, sizeBytes, uniqueBytes }, version, true);
  });
}

function containersJson(
  { usage, containers, images, volumes }: DiskUsageParts,
  version: number,
): readonly object[] {
  const writable = new Map(usage.containers.items.map((one) => [one.id, one]));
  const places = new Map(volumes.map(({ name, mountpoint }) => [name, mountpoint]));
  const imageBytes = new Map(images.map(({ id, sizeBytes }) => [id, sizeBytes]));
  return containers.map((container) => {
    const used = writable.get(container.id);
    const sizes = used && { usage: used, imageBytes: imageBytes.get(container.image.id) ?? 0 };
    return containerSummaryJson(container, {
      version,
      mountpointOf: (name) => places.get(name) ?? '',
      sizes,
    });
  });
}

function volumesJson({ usage, volumes }: DiskUsageParts): readonly object[] {
  const sizes = new Map(usage.volumes.items.map(({ name, sizeBytes }) => [name, sizeBytes]));
  return volumes.map((volume) => volumeJson(volume, sizes.get(volume.name) ?? 0));
}

function buildCacheJson({ buildCache }: DiskUsage): readonly object[] {
  return buildCache.items.map((item) => ({
    ID: item.id,
    Type: 'regular',
    Description: item.description,
    InUse: item.inUse,
    Shared: item.shared,
    Size: item.sizeBytes,
    CreatedAt: item.createdAt,
    LastUsedAt: item.lastUsedAt,
    UsageCount: 1,
  }));
}
