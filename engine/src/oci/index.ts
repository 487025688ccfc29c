export { attestationsOf, isAttestation } from './attestation.ts';
export { chainIds } from './chain-id.ts';
export type { Descriptor } from './descriptor.ts';
export { type Digest, digestHex, digestSchema, isDigest, parseDigest } from './digest.ts';
export { MAX_CONFIG_BYTES, MAX_MANIFEST_BYTES, parseDocument } from './document.ts';
export { type ImageConfig, parseImageConfig } from './image-config.ts';
export { type ImageIndex, type IndexEntry, type Manifest, parseManifest } from './manifest.ts';
export {
  bareMediaType,
  isConfigType,
  isIndexType,
  isLayerType,
  isManifestType,
  MANIFEST_ACCEPT,
  MEDIA_TYPES,
} from './media-type.ts';
export { canRun, formatPlatform, normalizePlatform, platformsEqual, selectPlatform } from './platform.ts';
export {
  familiarName,
  familiarReference,
  formatReference,
  parseReference,
  type Reference,
  withDefaultTag,
} from './reference.ts';
