import type { ImageSummary, Platform } from '@longshore/engine/types';
import { shortId } from '../../lib/image-reference.ts';

export type UseFilter = 'all' | 'used' | 'unused';

export function matchesUse(image: ImageSummary, filter: UseFilter): boolean {
  return filter === 'all' || image.usedBy.length > 0 === (filter === 'used');
}

export function matchesImageSearch(image: ImageSummary, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const haystack = [...image.references, ...image.repoDigests, image.id].join('\n').toLowerCase();
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

/** `linux/arm/v7`, as Docker writes it. */
export function platformName({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}

export interface ImagesView {
  readonly shown: readonly ImageSummary[];
  readonly counts: Readonly<Record<UseFilter, number>>;
}

export function imagesView(images: readonly ImageSummary[], filter: UseFilter, search: string): ImagesView {
  const used = images.filter((image) => image.usedBy.length > 0).length;
  return {
    shown: images
      .filter((image) => matchesUse(image, filter) && matchesImageSearch(image, search))
      .sort(byName),
    counts: { all: images.length, used, unused: images.length - used },
  };
}

/** By name; those without one at the end. */
function byName(a: ImageSummary, b: ImageSummary): number {
  const tagged = Number(b.references.length > 0) - Number(a.references.length > 0);
  return tagged !== 0 ? tagged : imageName(a).localeCompare(imageName(b));
}
