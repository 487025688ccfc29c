import { EngineError } from '../errors/index.ts';
import type { EventBus } from '../events/index.ts';
import { familiarReference, parseReference } from '../oci/index.ts';
import type { RemovedImage } from '../types/index.ts';
import type { Catalog } from './catalog.ts';
import type { Garbage } from './garbage.ts';
import type { ImageUse, ImageUser } from './image-use.ts';
import { findImage, type FoundImage } from './lookup.ts';
import type { ImageRecord } from './records.ts';

export interface RemovalParts {
  readonly catalog: Catalog;
  readonly garbage: Garbage;
  readonly use: ImageUse;
  readonly events: EventBus;
}

/**
 * Docker's rules. By name: the name goes, and with the last one the image. By id: all names and the image, several
 * names only with `force`. An image that a running container was made from stays in any case; one of stopped
 * containers loses its names with `force`, and goes once they are gone.
 */
export async function removeImage(parts: RemovalParts, text: string, force: boolean): Promise<RemovedImage> {
  const { catalog } = parts;
  const found = findImage(catalog, text);
  const untagged = namesToTake(catalog, found);
  checkSeveralNames(found, untagged, force);
  const isLast = untagged.length === namesOf(catalog, found.image).length || found.by === 'id';
  if (!isLast) {
    await untag(parts, found.image, untagged);
    await catalog.publish();
    return { untagged: untagged.map(familiar), deleted: [], freedBytes: 0 };
  }
  const users = parts.use.usersOf(found.image.id);
  refuseInUse(text, users, force);
  if (users.length > 0 && untagged.length === 0) throw stillNeeded(text, users);
  await untag(parts, found.image, untagged);
  if (users.length > 0) {
    await catalog.publish();
    return { untagged: untagged.map(familiar), deleted: [], freedBytes: 0 };
  }
  return destroy(parts, found.image, untagged);
}

async function destroy(
  { catalog, garbage, events }: RemovalParts,
  image: ImageRecord,
  untagged: readonly string[],
): Promise<RemovedImage> {
  await catalog.delete(image.id);
  await catalog.publish();
  events.publish({ type: 'image', action: 'delete', id: image.id, reference: image.id });
  const { freedBytes } = await garbage.collect();
  return { untagged: untagged.map(familiar), deleted: [image.id], freedBytes };
}

/** Tags, and the digests it was pulled as. */
function namesOf(catalog: Catalog, image: ImageRecord): readonly string[] {
  return [...catalog.referencesOf(image.id), ...image.repoDigests];
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

function refuseInUse(text: string, users: readonly ImageUser[], force: boolean): void {
  const running = users.find((user) => user.running);
  if (running !== undefined) {
    throw new EngineError(
      'conflict',
      `${text} cannot be removed: the container ${running.name} runs on it.`,
      {
        detail: { step: 'remove', path: running.id },
        hint: 'Stop and remove the container first.',
      },
    );
  }
  const [user] = users;
  if (user !== undefined && !force) {
    throw new EngineError(
      'conflict',
      `${text} cannot be removed: the container ${user.name} was made from it.`,
      {
        detail: { step: 'remove', path: user.id },
        hint: 'Remove the container first, or force it: then only the names of the image go.',
      },
    );
  }
}

function stillNeeded(text: string, users: readonly ImageUser[]): EngineError {
  return new EngineError(
    'conflict',
    `${text} has no name left, and ${users.length} containers still need it.`,
    {
      detail: { step: 'remove', path: users[0]?.id ?? '' },
      hint: `Remove the containers first: ${users.map(({ name }) => name).join(', ')}.`,
    },
  );
}

async function untag(
  { catalog, events }: RemovalParts,
  image: ImageRecord,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    if (!name.includes('@')) await catalog.unpoint(name);
    events.publish({ type: 'image', action: 'untag', id: image.id, reference: familiar(name) });
  }
  const left = image.repoDigests.filter((digest) => !names.includes(digest));
  if (left.length < image.repoDigests.length) await catalog.setRepoDigests(image.id, left);
}

function familiar(name: string): string {
  return familiarReference(parseReference(name));
}
