import { EngineError } from '../../../errors/index.ts';
import { familiarReference, parseReference } from '../../../oci/index.ts';

/**
 * The named context that a name in a Dockerfile stands for: of the same name, or, as buildx has it, of the image's
 * familiar name without `:latest`. Null: there is none.
 */
export function contextNamed(contexts: ReadonlySet<string> | undefined, name: string): string | null {
  if (contexts === undefined || contexts.size === 0) return null;
  if (contexts.has(name)) return name;
  const familiar = familiarName(name);
  return familiar !== null && contexts.has(familiar) ? familiar : null;
}

function familiarName(name: string): string | null {
  try {
    return familiarReference(parseReference(name)).replace(/:latest$/, '');
  } catch (error) {
    // What is no image's name has no familiar form.
    if (error instanceof EngineError) return null;
    throw error;
  }
}
