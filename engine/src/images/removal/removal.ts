import { EngineError } from '../../errors/index.ts';
import { parseReference } from '../../oci/index.ts';
import type { Platform, RemovedImage } from '../../types/index.ts';
import type { Catalog } from '../catalog.ts';
import type { Garbage } from '../garbage.ts';
import { findImage, type FoundImage } from '../lookup.ts';
import { hasName, membersOf } from '../siblings.ts';
import { familiar, namesOf, type RemovalParts, tellRemoval } from './delete-image.ts';
import { refuseInUse, stillNeeded } from './in-use.ts';
import { takePlatforms } from './platforms.ts';

export interface RemovalOrder {
  /** As a person writes it. */
  readonly image: string;
  /** What of an image for several platforms goes; none: all of it. */
  readonly platforms: readonly Platform[];
  readonly force: boolean;
}

/**
 * Docker's rules. By name: the name goes, and with the last one the image, for all platforms that are here. By id: all
 * names and the image, several names only with `force`. An image that a running container was made from stays in any
 * case; one of stopped containers loses its names with `force`, and goes once they are gone.
 */
export async function removeImage(
  parts: RemovalParts & { readonly garbage: Garbage },
  { image, platforms, force }: RemovalOrder,
  signal: AbortSignal,
): Promise<RemovedImage> {
  const taken = await parts.catalog.exclusive(
    async () => (await takePlatforms(parts, image, platforms)) ?? takeAway(parts, image, force),
  );
  if (taken.deleted.length === 0) return { ...taken, freedBytes: 0 };
  return { ...taken, ...(await parts.garbage.collect(signal)) };
}

/** Images that lost their names by force and have lost their last container by now. */
export async function removeUnused({ catalog, use, events }: RemovalParts): Promise<void> {
  await catalog.exclusive(async () => {
    for (const image of catalog.all()) {
      const { id } = image;
      if (!image.removeWhenUnused || hasName(catalog, image) || use.usersOf(id).length > 0) continue;
      await catalog.delete(id);
      events.publish({ type: 'image', action: 'delete', id, reference: id });
    }
  });
}

/** Nothing between asking for users and the deletion: a container that is made meanwhile finds no image. */
async function takeAway(
  parts: RemovalParts,
  text: string,
  force: boolean,
): Promise<Pick<RemovedImage, 'untagged' | 'deleted'>> {
  const { catalog } = parts;
  const found = findImage(catalog, text);
  const { image } = found;
  const names = namesToTake(catalog, found);
  checkSeveralNames(found, names, force);
  const isLast = names.length === namesOf(catalog, image).length || found.by === 'id';
  const members = membersOf(catalog, image);
  const users = isLast ? members.flatMap(({ id }) => parts.use.usersOf(id)) : [];
  refuseInUse(text, users, force ? 'given' : 'allowed');
  if (users.length > 0 && names.length === 0) throw stillNeeded(text, users);
  const deleted: string[] = [];
  for (const member of members) {
    const goes = isLast && parts.use.usersOf(member.id).length === 0;
    await (goes ? catalog.delete(member.id) : catalog.untag(member, names, isLast));
    tellRemoval(parts, member, member.id === image.id ? names : [], goes);
    if (goes) deleted.push(member.id);
  }
  return { untagged: names.map(familiar), deleted };
}

/** With the last tag of a repository go the digests of that repository: they are other words for it. */
function namesToTake(catalog: Catalog, { image, by, reference }: FoundImage): readonly string[] {
  if (by === 'id' || reference === null) return namesOf(catalog, image);
  if (by === 'digest') return [reference];
  const repository = repositoryOf(reference);
  const tagsLeft = catalog
    .referencesOf(image.id)
    .filter((other) => other !== reference && repositoryOf(other) === repository);
  if (tagsLeft.length > 0) return [reference];
  return [reference, ...image.repoDigests.filter((digest) => repositoryOf(digest) === repository)];
}

function repositoryOf(reference: string): string {
  const { domain, path } = parseReference(reference);
  return `${domain}/${path}`;
}

function checkSeveralNames({ by, image }: FoundImage, names: readonly string[], force: boolean): void {
  const tags = names.filter((name) => !name.includes('@'));
  if (by !== 'id' || force || tags.length <= 1) return;
  throw new EngineError('conflict', `The image has several names: ${tags.map(familiar).join(', ')}.`, {
    detail: { step: 'remove', path: image.id },
    hint: 'Remove it by each of its names, or force it.',
  });
}
