import {
  digestHex,
  type Digest,
  familiarName,
  familiarReference,
  formatReference,
  MEDIA_TYPES,
  parseReference,
} from '../../oci/index.ts';
import { type ImageRecord, type IndexRecord, platformOf } from '../records.ts';
import { NAME_ANNOTATION, REF_ANNOTATION } from './archived-name.ts';
import type { SelectedImage } from './selection.ts';

export const LAYOUT_DOCUMENT = '{"imageLayoutVersion":"1.0.0"}';

export function blobName(digest: Digest): string {
  return `blobs/sha256/${digestHex(digest)}`;
}

/**
 * index.json of the layout, with the annotations that docker and containerd write: a name in full, and its tag. Several
 * platforms, and what says how they were made, are an index of their own in it, as they were in their registry.
 */
export function indexDocument(images: readonly SelectedImage[]): string {
  const manifests = images.flatMap(({ image, index, references }) => {
    const entry = index === null ? manifestEntry(image) : indexEntry(index);
    if (references.length === 0) return [entry];
    return references.map((reference) => {
      const named = parseReference(reference);
      return {
        ...entry,
        annotations: {
          [NAME_ANNOTATION]: formatReference(named),
          [REF_ANNOTATION]: named.tag ?? '',
        },
      };
    });
  });
  return JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests });
}

function manifestEntry(image: ImageRecord) {
  return { ...image.manifest, platform: platformOf(image) };
}

function indexEntry({ mediaType, digest, size }: IndexRecord) {
  return { mediaType, digest, size };
}

/** manifest.json, which docker load, podman and skopeo go by. */
export function dockerDocument(images: readonly SelectedImage[]): string {
  return JSON.stringify(
    images.map(({ image, references }) => ({
      Config: blobName(image.id),
      RepoTags: references.map((reference) => familiarReference(parseReference(reference))),
      Layers: image.layers.map(({ digest }) => blobName(digest)),
    })),
  );
}

/** `repositories`, of the oldest readers: by name and tag the uppermost layer. Null without any name. */
export function repositoriesDocument(images: readonly SelectedImage[]): string | null {
  const repositories: Record<string, Record<string, string>> = {};
  for (const { image, references } of images) {
    const top = image.layers.at(-1);
    for (const reference of references) {
      const named = parseReference(reference);
      if (top === undefined || named.tag === null) continue;
      (repositories[familiarName(named)] ??= {})[named.tag] = digestHex(top.digest);
    }
  }
  return Object.keys(repositories).length === 0 ? null : JSON.stringify(repositories);
}
