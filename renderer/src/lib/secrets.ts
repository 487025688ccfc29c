/** Long enough to mean a secret also where they are a part of a word: `PGPASSWORD`, `clientSecret`. */
const SECRET_PART =
  /passw|passphrase|secret|token|credential|(api|access|private|signing|encryption)[_-]?key/i;

/** Only as a word of their own: not in `KEYBOARD`, `AUTHOR` or `COMPASS`. */
const SECRET_WORDS = new Set(['key', 'keys', 'pass', 'pwd', 'pw', 'auth', 'cookie']);

/** `scheme://user:password@host`, whatever the variable is called. */
const PASSWORD_IN_URL = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s:@]*:[^/?#\s@]+@/i;

/** Whether the value of a variable, label or option by this name is masked until a person asks to see it. */
export function looksSecret(name: string): boolean {
  if (SECRET_PART.test(name)) return true;
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return words.some((word) => SECRET_WORDS.has(word)) && !words.includes('public');
}

/** One length for all, so that not even that is told. */
export const MASK = '••••••••';

export interface Variable {
  readonly name: string;
  readonly value: string;
  /** There is something to hide, and name or value look like it. */
  readonly secret: boolean;
}

export function variableOf(name: string, value: string): Variable {
  return { name, value, secret: value !== '' && (looksSecret(name) || PASSWORD_IN_URL.test(value)) };
}

/** `NAME=value`, of which only the first `=` separates. */
export function parseEnv(entry: string): Variable {
  const at = entry.indexOf('=');
  return at < 0 ? variableOf(entry, '') : variableOf(entry.slice(0, at), entry.slice(at + 1));
}

/** The entry as it may be shown. */
export function maskedEnv(entry: string): string {
  const { name, secret } = parseEnv(entry);
  return secret ? `${name}=${MASK}` : entry;
}

/** Labels as variables, by name. */
export function labelVariables(labels: Readonly<Record<string, string>>): readonly Variable[] {
  return Object.entries(labels)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, value]) => variableOf(name, value));
}

/** `NAME=value` anywhere in a text, as in an `ENV` or `ARG` of a Dockerfile. */
const ASSIGNMENT = /\b[A-Za-z_][\w.-]*=(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']+)/g;

export function maskedAssignments(text: string): string {
  return text.replace(ASSIGNMENT, maskedEnv);
}
