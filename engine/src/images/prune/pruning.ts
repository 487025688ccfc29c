import type { ImagePruneFilters } from '../../contract/index.ts';
import { hasLabel } from '../../labels.ts';
import type { PrunableImages, RemovedImage } from '../../types/index.ts';
import type { Garbage } from '../garbage.ts';
import { timeOf } from '../listing/listing.ts';
import type { ImageRecord } from '../records.ts';
import { deleteImage, type RemovalParts } from '../removal/delete-image.ts';
import { hasName, representativeOf } from '../siblings.ts';
import { countSharing, summarize } from '../summary.ts';

export interface PruningParts extends RemovalParts {
  readonly garbage: Garbage;
}

/** What `pruneImages` would do, as things are; `released`: layers that the cache of builds would let go as well. */
export async function findPrunable(
  parts: PruningParts,
  filters: ImagePruneFilters,
  signal: AbortSignal,
  released?: ReadonlySet<string>,
): Promise<PrunableImages> {
  const { catalog, use, garbage } = parts;
  const going = prunable(parts, filters);
  const sharing = countSharing(catalog.all());
  const ids = new Set(going.map(({ id }) => id));
  const listed = going.filter((image) => {
    const { id } = representativeOf(catalog, image);
    return id === image.id || !ids.has(id);
  });
  return {
    images: listed.map((image) => summarize(image, catalog, use, sharing)),
    freedBytes: await garbage.freedWithout(ids, signal, released),
  };
}

/** Docker's rules: images without a tag, or with `all` every one, as far as no container needs them. */
export async function pruneImages(
  parts: PruningParts,
  filters: ImagePruneFilters,
  signal: AbortSignal,
): Promise<RemovedImage> {
  const untagged: string[] = [];
  const deleted: string[] = [];
  await parts.catalog.exclusive(async () => {
    // Asked for each once more: one may get a container while another is deleted.
    for (const image of prunable(parts, filters)) {
      if (!isPrunable(parts, filters, image)) continue;
      const gone = await deleteImage(parts, image);
      untagged.push(...gone.untagged);
      deleted.push(...gone.deleted);
    }
  });
  const { freedBytes } = await parts.garbage.collect(signal);
  parts.events.publish({ type: 'image', action: 'prune', id: '', reference: '' });
  return { untagged, deleted, freedBytes };
}

function prunable(parts: PruningParts, filters: ImagePruneFilters): readonly ImageRecord[] {
  return parts.catalog.all().filter((image) => isPrunable(parts, filters, image));
}

function isPrunable(
  { catalog, use }: PruningParts,
  { all, labels, labelsNot, until }: ImagePruneFilters,
  image: ImageRecord,
): boolean {
  return (
    (all || !hasName(catalog, image)) &&
    [image, ...catalog.siblingsOf(image)].every(({ id }) => use.usersOf(id).length === 0) &&
    labels.every((wanted) => hasLabel(image.labels, wanted)) &&
    !labelsNot.some((unwanted) => hasLabel(image.labels, unwanted)) &&
    (until === undefined || timeOf(image) < Date.parse(until))
  );
}
