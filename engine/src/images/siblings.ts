import { selectPlatform } from '../oci/index.ts';
import type { Platform } from '../types/index.ts';
import type { Catalog } from './catalog.ts';
import { type ImageRecord, platformOf } from './records.ts';

/*
 * An image for several platforms is one record for each platform that is here, all of the same index. One of them has
 * the names; the others go by them as well, and are found by saying the platform.
 */

/** An image, and those of its siblings that it stands for: they come and go with it. */
export function membersOf(catalog: Catalog, image: ImageRecord): readonly ImageRecord[] {
  const represented = catalog
    .siblingsOf(image)
    .filter((sibling) => representativeOf(catalog, sibling).id === image.id);
  return [image, ...represented];
}

/** The one that stands for an image and its siblings in a list. */
export function representativeOf(catalog: Catalog, image: ImageRecord): ImageRecord {
  const isNamed = ({ id }: ImageRecord) => catalog.referencesOf(id).length > 0;
  const siblings = catalog.siblingsOf(image);
  if (siblings.length === 0 || isNamed(image)) return image;
  return siblings.find(isNamed) ?? preferred([image, ...siblings], catalog.machine) ?? image;
}

/** Whether some name leads to it, its own or that of a sibling. */
export function hasName(catalog: Catalog, image: ImageRecord): boolean {
  return catalog.referencesOf(representativeOf(catalog, image).id).length > 0;
}

/** Of images for several platforms, the best for this machine; when none is, always the same one. */
export function preferred(images: readonly ImageRecord[], machine: Platform): ImageRecord | undefined {
  const [first] = [...images].sort((left, right) => (left.id < right.id ? -1 : 1));
  return selectPlatform(images, platformOf, machine) ?? first;
}
