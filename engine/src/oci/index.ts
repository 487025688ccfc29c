export { type Digest, digestHex, digestSchema, isDigest, parseDigest } from './digest.ts';
export {
  familiarName,
  familiarReference,
  formatReference,
  parseReference,
  type Reference,
  withDefaultTag,
} from './reference.ts';
export { canRun, formatPlatform, normalizePlatform, platformsEqual, selectPlatform } from './platform.ts';
