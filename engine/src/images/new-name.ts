import { EngineError } from '../errors/index.ts';
import { formatReference, parseReference, withDefaultTag } from '../oci/index.ts';

/** The full form of a name that an image is to get; `latest` without a tag. A digest is refused: it cannot be given. */
export function newImageName(text: string): string {
  const reference = parseReference(text);
  if (reference.digest === null) return formatReference(withDefaultTag(reference));
  throw new EngineError('invalid-argument', 'An image cannot be given a digest as its name.', {
    detail: { path: text },
    hint: 'Use a name and a tag: "app:1.0".',
  });
}
