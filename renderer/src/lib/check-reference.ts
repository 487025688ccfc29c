import { isEngineError } from '@longshore/engine/errors';
import { familiarReference, parseReference, withDefaultTag } from '@longshore/engine/oci';

export type CheckedReference =
  | { readonly ok: true; readonly reference: string }
  | { readonly ok: false; readonly reason: string; readonly hint: string | undefined };

/** What a person wrote as an image's name, in the familiar form with its tag, or why it is none. */
export function checkReference(input: string): CheckedReference {
  try {
    return { ok: true, reference: familiarReference(withDefaultTag(parseReference(input.trim()))) };
  } catch (error) {
    if (!isEngineError(error)) throw error;
    return { ok: false, reason: error.message, hint: error.hint };
  }
}

/** The registry that a name leads to: `docker.io`, `localhost:5000`. */
export function registryOf(reference: string): string {
  return parseReference(reference).domain;
}
