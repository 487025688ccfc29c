import type { EventBus } from '../../events/index.ts';
import { familiarReference, parseReference } from '../../oci/index.ts';
import type { RemovedImage } from '../../types/index.ts';
import type { Catalog } from '../catalog.ts';
import type { ImageUse } from '../image-use.ts';
import type { ImageRecord } from '../records.ts';

export interface RemovalParts {
  readonly catalog: Catalog;
  readonly use: ImageUse;
  readonly events: EventBus;
}

/** With all its names. Inside `exclusive`, once it is known that nothing needs the image. */
export async function deleteImage(
  parts: Pick<RemovalParts, 'catalog' | 'events'>,
  image: ImageRecord,
): Promise<Pick<RemovedImage, 'untagged' | 'deleted'>> {
  const names = namesOf(parts.catalog, image);
  await parts.catalog.delete(image.id);
  tellRemoval(parts, image, names, true);
  return { untagged: names.map(familiar), deleted: [image.id] };
}

export function tellRemoval(
  { events }: Pick<RemovalParts, 'events'>,
  { id }: ImageRecord,
  names: readonly string[],
  goes: boolean,
): void {
  for (const name of names) {
    events.publish({ type: 'image', action: 'untag', id, reference: familiar(name) });
  }
  if (goes) events.publish({ type: 'image', action: 'delete', id, reference: id });
}

/** Tags, and the digests it was pulled as. */
export function namesOf(catalog: Catalog, image: ImageRecord): readonly string[] {
  return [...catalog.referencesOf(image.id), ...image.repoDigests];
}

export function familiar(name: string): string {
  return familiarReference(parseReference(name));
}
