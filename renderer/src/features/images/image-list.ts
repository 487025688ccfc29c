import type { ImageSummary } from '@longshore/engine/types';
import { shortId } from '../../lib/image-reference.ts';

export const IMAGE_FILTERS = ['all', 'used', 'unused', 'untagged'] as const;
export type ImageFilter = (typeof IMAGE_FILTERS)[number];

export function matchesFilter(image: ImageSummary, filter: ImageFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'used':
      return image.usedBy.length > 0;
    case 'unused':
      return image.usedBy.length === 0;
    case 'untagged':
      return image.references.length === 0;
  }
}

export function matchesImageSearch(image: ImageSummary, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const labels = Object.entries(image.labels).map(([name, value]) => `${name}=${value}`);
  const haystack = [...image.references, ...image.repoDigests, image.id, ...labels, ...image.usedBy]
    .join('\n')
    .toLowerCase();
  return words.every((word) => haystack.includes(word));
}

/** The first of its names, or its id in short. */
export function imageName(image: ImageSummary): string {
  return image.references[0] ?? shortId(image.id);
}

/** Where its page is. */
export function imagePath(image: Pick<ImageSummary, 'id'>, tab = 'overview'): string {
  return `/images/${image.id.replace(/^sha256:/, '')}/${tab}`;
}

export interface ImagesView {
  readonly shown: readonly ImageSummary[];
  readonly counts: Readonly<Record<ImageFilter, number>>;
}

export function imagesView(images: readonly ImageSummary[], filter: ImageFilter, search: string): ImagesView {
  const count = (which: ImageFilter) => images.filter((image) => matchesFilter(image, which)).length;
  return {
    shown: images
      .filter((image) => matchesFilter(image, filter) && matchesImageSearch(image, search))
      .sort(byName),
    counts: {
      all: images.length,
      used: count('used'),
      unused: count('unused'),
      untagged: count('untagged'),
    },
  };
}

/** By name; those without one at the end. */
function byName(a: ImageSummary, b: ImageSummary): number {
  const tagged = Number(b.references.length > 0) - Number(a.references.length > 0);
  return tagged !== 0 ? tagged : imageName(a).localeCompare(imageName(b));
}

/** `ghcr.io/team/app:1.0` is saved as `app-1.0.tar`. */
export function archiveName(reference: string): string {
  return `${reference.slice(reference.lastIndexOf('/') + 1).replace(/[:@]/g, '-')}.tar`;
}
