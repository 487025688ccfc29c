const SCP = /^[\w.-]+@[\w.-]+:[^:].*/;
const SCHEME = /^(?:git|ssh):\/\//i;
const GIT_OVER_HTTP = /^https?:\/\/[^#?]*\.git(?:[#?]|$)/i;
const KNOWN_HOST = /^(?:https?:\/\/)?github\.com\/[^/#?]+\/[^/#?]+\/?(?:[#?]|$)/i;
const GIT = [SCHEME, GIT_OVER_HTTP, SCP, KNOWN_HOST];
const HTTP = /^https?:\/\//i;

/** Repositories, among what else is written in their place: addresses of files, and paths. */
export function isGitUrl(text: string): boolean {
  return GIT.some((pattern) => pattern.test(text));
}

/** What ADD fetches a source with; null: it is a path. */
export function remoteKind(source: string): 'git' | 'url' | null {
  if (isGitUrl(source)) return 'git';
  return HTTP.test(source) ? 'url' : null;
}

/** Cannot be meant as a path, as `github.com/a/b` could. */
export function isAddress(source: string): boolean {
  return HTTP.test(source) || SCHEME.test(source) || source.startsWith('git@');
}
