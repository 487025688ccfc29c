import { type Digest, type ImageIndex, isAttestation, normalizePlatform } from '../oci/index.ts';
import type { IndexRecord } from './records.ts';

/** The index that an image for several platforms comes from: kept with it, byte by byte. */
export interface SourceIndex {
  readonly record: IndexRecord;
  readonly bytes: Uint8Array;
}

export function sourceIndex(
  { mediaType, manifests }: ImageIndex,
  { digest, bytes }: { readonly digest: Digest; readonly bytes: Uint8Array },
): SourceIndex {
  const images = manifests.flatMap((entry) => {
    if (entry.platform === undefined || isAttestation(entry)) return [];
    return [{ digest: entry.digest, platform: normalizePlatform(entry.platform) }];
  });
  return { record: { mediaType, digest, size: bytes.byteLength, manifests: images }, bytes };
}
