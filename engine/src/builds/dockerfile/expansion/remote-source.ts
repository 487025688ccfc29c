const GIT = /^(?:git@|git:\/\/|ssh:\/\/)|^https?:\/\/[^#?]*\.git(?:[#?]|$)/i;
const HTTP = /^https?:\/\//i;

/** What ADD fetches a source with; null: it is a path. */
export function remoteKind(source: string): 'git' | 'url' | null {
  if (GIT.test(source)) return 'git';
  return HTTP.test(source) ? 'url' : null;
}
