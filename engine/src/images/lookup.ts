import { EngineError } from '../errors/index.ts';
import {
  familiarReference,
  formatPlatform,
  formatReference,
  isDigest,
  parseReference,
  platformsEqual,
  type Reference,
  selectPlatform,
  withDefaultTag,
} from '../oci/index.ts';
import type { Platform } from '../types/index.ts';
import type { Catalog } from './catalog.ts';
import { type ImageRecord, platformOf } from './records.ts';
import { preferred } from './siblings.ts';

export type FoundBy = 'reference' | 'digest' | 'id';

export interface FoundImage {
  readonly image: ImageRecord;
  readonly by: FoundBy;
  /** Full form: of the reference or the repository digest it was found by; null when found by id. */
  readonly reference: string | null;
}

const ID_PREFIX = /^(?:sha256:)?([a-f0-9]{1,64})$/;

/**
 * Finds an image by whatever a person writes: a whole id, a reference, or an unambiguous beginning of an id. Of one for
 * several platforms, that for the platform; for this machine when none is said.
 */
export function findImage(catalog: Catalog, text: string, platform: Platform | null = null): FoundImage {
  const found = findByText(catalog, text);
  if (platform === null) return found;
  const here = [found.image, ...catalog.siblingsOf(found.image)];
  const image = selectPlatform(here, platformOf, platform);
  if (image === null) throw otherPlatform(text, platform, here.map(platformOf));
  return { ...found, image };
}

/**
 * Of an image and its siblings, the one that is made for this very platform: what a machine of it could run as well is
 * another image.
 */
export function findForPlatform(
  catalog: Catalog,
  { image, text }: { readonly image: ImageRecord; readonly text: string },
  platform: Platform,
): ImageRecord {
  const here = [image, ...catalog.siblingsOf(image)];
  const found = here.find((each) => platformsEqual(platformOf(each), platform));
  if (found === undefined) throw otherPlatform(text, platform, here.map(platformOf));
  return found;
}

function findByText(catalog: Catalog, text: string): FoundImage {
  const wholeId = ID_PREFIX.exec(text)?.[1];
  if (wholeId?.length === 64) {
    const id = `sha256:${wholeId}`;
    const image = isDigest(id) ? catalog.get(id) : undefined;
    if (image !== undefined) return { image, by: 'id', reference: null };
    throw unknownImage(text);
  }
  const named = text.startsWith('sha256:') ? undefined : findByReference(catalog, text);
  if (named !== undefined) return named;
  const image = findByIdPrefix(catalog, text);
  if (image !== undefined) return { image, by: 'id', reference: null };
  throw unknownImage(text);
}

function findByReference(catalog: Catalog, text: string): FoundImage | undefined {
  const reference = withDefaultTag(parseReference(text));
  if (reference.digest !== null) {
    const repoDigest = repoDigestOf(reference, reference.digest);
    const images = catalog.all().filter(({ repoDigests }) => repoDigests.includes(repoDigest));
    const image = preferred(images, catalog.machine);
    return image === undefined ? undefined : { image, by: 'digest', reference: repoDigest };
  }
  const full = formatReference(reference);
  const image = catalog.named(full);
  return image === undefined ? undefined : { image, by: 'reference', reference: full };
}

function findByIdPrefix(catalog: Catalog, text: string): ImageRecord | undefined {
  const prefix = ID_PREFIX.exec(text)?.[1];
  if (prefix === undefined) return undefined;
  const matches = catalog.all().filter(({ id }) => id.startsWith(`sha256:${prefix}`));
  if (matches.length > 1) {
    throw new EngineError('invalid-argument', `Several images have ids that begin with ${prefix}.`, {
      detail: { step: 'image', path: text },
      hint: 'Write more of the id.',
    });
  }
  return matches[0];
}

/** `docker.io/library/debian@sha256:...`, without a tag: how digests are recorded. */
export function repoDigestOf(reference: Reference, digest: NonNullable<Reference['digest']>): string {
  return formatReference({ ...reference, tag: null, digest });
}

export function familiarRepoDigest(repoDigest: string): string {
  return familiarReference(parseReference(repoDigest));
}

function otherPlatform(text: string, wanted: Platform, here: readonly Platform[]): EngineError {
  const name = text.slice(0, 300);
  const platform = formatPlatform(wanted);
  return new EngineError('not-found', `${name} is here for ${here.map(formatPlatform).join(', ')} only.`, {
    detail: { step: 'platform', path: platform },
    hint: `Pull it for ${platform} first.`,
  });
}

function unknownImage(text: string): EngineError {
  return new EngineError('not-found', `There is no image ${text.slice(0, 300)} here.`, {
    detail: { step: 'image', path: text.slice(0, 300) },
    hint: 'Pull it first.',
  });
}
