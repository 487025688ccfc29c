import { type Descriptor, parseReference, type Reference } from '../../oci/index.ts';
import type { ImageRecord } from '../records.ts';

/** A registry that has said no so often will say no again. */
const MOST_PER_BLOB = 2;

/**
 * Repositories of the same registry that are known to hold the blob, since an image with it was pulled from or pushed
 * to there. By digest.
 */
export function mountSources(
  images: readonly ImageRecord[],
  target: Reference,
  blobs: readonly Descriptor[],
): ReadonlyMap<string, readonly string[]> {
  const sources = new Map<string, string[]>();
  const wanted = new Set<string>(blobs.map(({ digest }) => digest));
  for (const image of images) {
    const paths = pathsOn(image, target);
    for (const digest of [image.id, ...image.layers.map((layer) => layer.digest)]) {
      if (!wanted.has(digest)) continue;
      const known = sources.get(digest) ?? [];
      sources.set(digest, [...new Set([...known, ...paths])].slice(0, MOST_PER_BLOB));
    }
  }
  return sources;
}

function pathsOn({ repoDigests }: ImageRecord, target: Reference): readonly string[] {
  return repoDigests
    .map(parseReference)
    .filter(({ domain, path }) => domain === target.domain && path !== target.path)
    .map(({ path }) => path);
}
