import { EngineError } from '../../errors/index.ts';
import { canRun, formatPlatform, formatReference, parseReference } from '../../oci/index.ts';
import type { Platform } from '../../types/index.ts';
import type { Catalog } from '../catalog.ts';
import { findImage } from '../lookup.ts';
import { type ImageRecord, platformOf } from '../records.ts';

export interface SelectedImage {
  readonly image: ImageRecord;
  /** Full forms with tag, sorted. */
  readonly references: readonly string[];
}

/**
 * What `docker save` takes by these words: a name with its tag, a name alone with all tags of its repository, an id or a
 * digest without any name. In the order of the words, each image once.
 */
export function selectImages(catalog: Catalog, words: readonly string[]): readonly SelectedImage[] {
  const selected = new Map<string, { image: ImageRecord; references: Set<string> }>();
  for (const word of words) {
    for (const { image, references } of selectedBy(catalog, word)) {
      const known = selected.get(image.id) ?? { image, references: new Set<string>() };
      for (const reference of references) known.references.add(reference);
      selected.set(image.id, known);
    }
  }
  return [...selected.values()].map(({ image, references }) => ({
    image,
    references: [...references].sort(),
  }));
}

function selectedBy(catalog: Catalog, word: string): readonly SelectedImage[] {
  const repository = repositoryOf(word);
  const tagged = repository === null ? [] : taggedIn(catalog, repository);
  if (tagged.length > 0) return tagged;
  const { image, by, reference } = findImage(catalog, word);
  return [{ image, references: by === 'reference' && reference !== null ? [reference] : [] }];
}

/** Of a word that names a repository and nothing in it. */
function repositoryOf(word: string): string | null {
  if (/^(sha256:)?[a-f0-9]{64}$/.test(word)) return null;
  const reference = parseReference(word);
  return reference.tag === null && reference.digest === null ? formatReference(reference) : null;
}

function taggedIn(catalog: Catalog, repository: string): readonly SelectedImage[] {
  return catalog.all().flatMap((image) => {
    const references = catalog
      .referencesOf(image.id)
      .filter((reference) => formatReference({ ...parseReference(reference), tag: null }) === repository);
    return references.length === 0 ? [] : [{ image, references }];
  });
}

/** An image is here for one platform. */
export function refuseOtherPlatforms(selected: readonly SelectedImage[], wanted: Platform): void {
  for (const { image, references } of selected) {
    const offered = platformOf(image);
    if (canRun(wanted, offered)) continue;
    const name = references[0] ?? image.id;
    throw new EngineError('not-found', `${name} is here for ${formatPlatform(offered)} only.`, {
      detail: { step: 'platform', path: formatPlatform(wanted) },
      hint: `Pull it for ${formatPlatform(wanted)} first.`,
    });
  }
}
