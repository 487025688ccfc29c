import { createHash } from 'node:crypto';
import { type Digest, parseDigest } from '../oci/index.ts';

/** Of small things: documents, text. Files are hashed while they are written. */
export function digestOf(content: Uint8Array | string): Digest {
  return parseDigest(`sha256:${createHash('sha256').update(content).digest('hex')}`);
}
