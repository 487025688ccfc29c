import { isEngineError } from '../../errors/index.ts';
import { formatReference, parseReference, withDefaultTag } from '../../oci/index.ts';
import { badArchive } from './problems.ts';

/** What containerd and Docker write, and what the image specification has (image-spec, "Annotations"). */
export const NAME_ANNOTATION = 'io.containerd.image.name';
export const REF_ANNOTATION = 'org.opencontainers.image.ref.name';

/** The full form of a name in an archive; a digest is no name that an image could be given. */
export function archivedName(written: string): readonly string[] {
  try {
    const reference = parseReference(written);
    return reference.digest === null ? [formatReference(withDefaultTag(reference))] : [];
  } catch (thrown) {
    if (!isEngineError(thrown, 'invalid-argument')) throw thrown;
    throw badArchive('reference', thrown.message.replace(/\.$/, ''), written, thrown);
  }
}

/** A reference annotation may be a whole name, or a tag alone, which names nothing here. */
export function annotatedNames(annotations: Readonly<Record<string, string>> = {}): readonly string[] {
  const name = annotations[NAME_ANNOTATION];
  if (name !== undefined && name !== '') return archivedName(name);
  const ref = annotations[REF_ANNOTATION] ?? '';
  return /[/:]/.test(ref) ? archivedName(ref) : [];
}
