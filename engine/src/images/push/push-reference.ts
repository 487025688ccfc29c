import { EngineError } from '../../errors/index.ts';
import { parseReference, type Reference, withDefaultTag } from '../../oci/index.ts';

/** A push goes to a tag: what its digest will be is not ours to say. */
export function pushReference(text: string): Reference {
  const reference = parseReference(text);
  if (reference.digest === null) return withDefaultTag(reference);
  throw new EngineError('invalid-argument', 'An image is pushed to a name and a tag, not to a digest.', {
    detail: { step: 'reference', path: text },
    hint: 'Leave the "@sha256:..." out.',
  });
}
