import type { Digest } from './digest.ts';
import type { ImageIndex, IndexEntry } from './manifest.ts';
import { isManifestType } from './media-type.ts';

/** How BuildKit marks them (github.com/moby/buildkit, docs/attestations/attestation-storage.md). */
const KIND = 'vnd.docker.reference.type';
const SUBJECT = 'vnd.docker.reference.digest';

/**
 * Whether an entry of an index is no image but says how one was made: an SBOM, its provenance. They stand among the
 * images, under a platform that nothing has.
 */
export function isAttestation({
  platform,
  annotations,
}: Pick<IndexEntry, 'platform' | 'annotations'>): boolean {
  return annotations?.[KIND] === 'attestation-manifest' || platform?.os === 'unknown';
}

/** The entries of an index that speak of the image with this manifest. */
export function attestationsOf({ manifests }: ImageIndex, image: Digest): readonly IndexEntry[] {
  return manifests.filter(
    (entry) =>
      isAttestation(entry) && entry.annotations?.[SUBJECT] === image && isManifestType(entry.mediaType),
  );
}
