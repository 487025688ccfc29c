import { digestOf } from '../content/index.ts';
import { type Descriptor, MEDIA_TYPES } from '../oci/index.ts';

/** The OCI manifest of an image that is put together here. */
export function manifestBytes(config: Descriptor, layers: readonly Descriptor[]): Uint8Array {
  const descriptors = layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size }));
  const document = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociManifest, config, layers: descriptors };
  return new TextEncoder().encode(JSON.stringify(document));
}

export function describeBytes(mediaType: string, bytes: Uint8Array): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.byteLength };
}
