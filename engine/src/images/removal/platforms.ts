import type { Platform, RemovedImage } from '../../types/index.ts';
import { findForPlatform, findImage } from '../lookup.ts';
import { preferred } from '../siblings.ts';
import { type RemovalParts, tellRemoval } from './delete-image.ts';
import { refuseInUse } from './in-use.ts';

/**
 * Takes platforms away from an image for several; its names stay, for those that are left. Null, and nothing is done,
 * when none would be left: then it is the image that goes. Inside `exclusive`.
 */
export async function takePlatforms(
  parts: RemovalParts,
  text: string,
  platforms: readonly Platform[],
): Promise<Pick<RemovedImage, 'untagged' | 'deleted'> | null> {
  const { catalog, use } = parts;
  const { image } = findImage(catalog, text);
  const going = new Set(platforms.map((platform) => findForPlatform(catalog, { image, text }, platform)));
  const staying = [image, ...catalog.siblingsOf(image)].filter((each) => !going.has(each));
  const heir = preferred(staying, catalog.machine);
  if (going.size === 0 || heir === undefined) return null;
  // No force helps: what is left keeps the names, so that nothing would remember to take this one away later.
  refuseInUse(
    text,
    [...going].flatMap(({ id }) => use.usersOf(id)),
    'nothing',
  );
  for (const each of going) {
    await catalog.bequeath(each, heir.id);
    await catalog.delete(each.id);
    tellRemoval(parts, each, [], true);
  }
  return { untagged: [], deleted: [...going].map(({ id }) => id) };
}
