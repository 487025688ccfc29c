export interface ReferenceParts {
  /** Everything before tag or digest, the registry included. */
  readonly repository: string;
  /** With its separator: `:1.27` or `@sha256:...`; empty when there is none. */
  readonly suffix: string;
}

/** Cuts a familiar reference for display: the name may be shortened, the tag never is. */
export function referenceParts(reference: string): ReferenceParts {
  const at = reference.indexOf('@');
  if (at >= 0) return { repository: reference.slice(0, at), suffix: reference.slice(at) };
  const colon = reference.lastIndexOf(':');
  // A colon before the last slash belongs to the registry's port.
  if (colon > reference.lastIndexOf('/')) {
    return { repository: reference.slice(0, colon), suffix: reference.slice(colon) };
  }
  return { repository: reference, suffix: '' };
}

/** Twelve digits, as people know ids. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}
