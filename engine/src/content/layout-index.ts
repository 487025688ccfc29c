import { type Descriptor, MEDIA_TYPES } from '../oci/index.ts';
import type { Platform } from '../types/index.ts';

/** An image as index.json lists it: once per name, or once without any. */
export interface IndexedImage {
  readonly manifest: Descriptor;
  readonly platform: Platform;
  /** Full form; null for an untagged image. */
  readonly reference: string | null;
}

/** image-spec, "Image Layout": the name goes where tools like skopeo look for it. */
export function formatIndex(images: readonly IndexedImage[]): string {
  const manifests = images.map(({ manifest: { mediaType, digest, size }, platform, reference }) => ({
    mediaType,
    digest,
    size,
    platform,
    ...(reference !== null && { annotations: { 'org.opencontainers.image.ref.name': reference } }),
  }));
  return `${JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests })}\n`;
}
