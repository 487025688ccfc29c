import type { Platform } from '../../types/index.ts';
import { formatReference, parseReference } from '../../oci/index.ts';
import type { Catalog } from '../catalog.ts';
import { findImage } from '../lookup.ts';
import type { ImageRecord, IndexRecord } from '../records.ts';
import { membersOf } from '../siblings.ts';

export interface SelectedImage {
  readonly image: ImageRecord;
  /** The same for other platforms, where all that are here were asked for. */
  readonly siblings: readonly ImageRecord[];
  /** That goes with them; null: the image goes without one. */
  readonly index: IndexRecord | null;
  /** Full forms with tag, sorted. */
  readonly references: readonly string[];
}

interface NamedImage {
  readonly image: ImageRecord;
  readonly references: readonly string[];
}

/**
 * What `docker save` takes by these words: a name with its tag, a name alone with all tags of its repository, an id or a
 * digest without any name. In the order of the words, each image once. Of an image for several platforms, all that are
 * here, or the one for `platform`.
 */
export function selectImages(
  catalog: Catalog,
  words: readonly string[],
  platform: Platform | null,
): readonly SelectedImage[] {
  const selected = new Map<string, { image: ImageRecord; references: Set<string> }>();
  for (const word of words) {
    for (const { image, references } of selectedBy(catalog, word, platform)) {
      const known = selected.get(image.id) ?? { image, references: new Set<string>() };
      for (const reference of references) known.references.add(reference);
      selected.set(image.id, known);
    }
  }
  return [...selected.values()].map(({ image, references }) => {
    const siblings = platform === null ? membersOf(catalog, image).slice(1) : [];
    const index = platform === null ? indexOf(image, siblings) : null;
    return { image, siblings, index, references: [...references].sort() };
  });
}

/** One that speaks of a single image tells more than the image does only where it has attestations. */
function indexOf({ index, attestations = [] }: ImageRecord, siblings: readonly ImageRecord[]) {
  if (index === undefined) return null;
  const isAttested = index.manifests.length === 1 && attestations.length > 0;
  return siblings.length > 0 || isAttested ? index : null;
}

function selectedBy(catalog: Catalog, word: string, platform: Platform | null): readonly NamedImage[] {
  const repository = repositoryOf(word);
  const tagged = repository === null ? [] : namesIn(catalog, repository);
  return (tagged.length > 0 ? tagged : [word]).map((name) => {
    const { image, by, reference } = findImage(catalog, name, platform);
    return { image, references: by === 'reference' && reference !== null ? [reference] : [] };
  });
}

/** Of a word that names a repository and nothing in it. */
function repositoryOf(word: string): string | null {
  if (/^(sha256:)?[a-f0-9]{64}$/.test(word)) return null;
  const reference = parseReference(word);
  return reference.tag === null && reference.digest === null ? formatReference(reference) : null;
}

function namesIn(catalog: Catalog, repository: string): readonly string[] {
  return catalog
    .all()
    .flatMap(({ id }) => catalog.referencesOf(id))
    .filter((reference) => formatReference({ ...parseReference(reference), tag: null }) === repository);
}
