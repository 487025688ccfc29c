import { z } from 'zod';
import { EngineError } from '../errors/index.ts';

declare const digestBrand: unique symbol;

/**
 * `sha256:<64 hex digits>`, lower case. The only way to one is `parseDigest` (or a document schema that uses it),
 * so a Digest is always safe as part of a path or a URL.
 */
export type Digest = string & { readonly [digestBrand]: true };

const PREFIX = 'sha256:';
const DIGEST = /^sha256:[a-f0-9]{64}$/;

export function isDigest(text: string): text is Digest {
  return DIGEST.test(text);
}

/** Fails with `invalid-argument`. */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw new EngineError('invalid-argument', `"${clip(text)}" is not a content digest.`, {
    detail: { step: 'digest', path: clip(text) },
    hint: 'A digest is "sha256:" with 64 hexadecimal digits after it.',
  });
}

/** The hexadecimal digits alone: a file name in `blobs/sha256/`. */
export function digestHex(digest: Digest): string {
  return digest.slice(PREFIX.length);
}

/** For documents from outside. */
export const digestSchema = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value), {
  message: 'is not a content digest',
});

/** Text from outside, short enough for a sentence. */
function clip(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`;
}
