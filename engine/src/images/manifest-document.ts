import { digestOf } from '../content/index.ts';
import { type Descriptor, MEDIA_TYPES } from '../oci/index.ts';
import type { Platform } from '../types/index.ts';

/** The OCI manifest of an image that is put together here. */
export function manifestBytes(config: Descriptor, layers: readonly Descriptor[]): Uint8Array {
  const descriptors = layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size }));
  const document = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociManifest, config, layers: descriptors };
  return new TextEncoder().encode(JSON.stringify(document));
}

/** The OCI index of images that are one image for several platforms. */
export function indexBytes(
  images: readonly { readonly manifest: Descriptor; readonly platform: Platform }[],
): Uint8Array {
  const manifests = images.map(({ manifest: { mediaType, digest, size }, platform }) => {
    const { os, architecture, variant } = platform;
    const spelled = { architecture, os, ...(variant !== undefined && { variant }) };
    return { mediaType, digest, size, platform: spelled };
  });
  const document = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests };
  return new TextEncoder().encode(JSON.stringify(document));
}

export function describeBytes(mediaType: string, bytes: Uint8Array): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.byteLength };
}
