const SECRET_NAME = /pass(word|wd|phrase)?|secret|token|api_?key|private_?key|access_?key|credential|auth/i;

/** Whether the value of a variable, label or option by this name is masked until a person asks to see it. */
export function looksSecret(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** One length for all, so that not even that is told. */
export const MASK = '••••••••';

export interface EnvVariable {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
}

/** `NAME=value`, of which only the first `=` separates. */
export function parseEnv(entry: string): EnvVariable {
  const at = entry.indexOf('=');
  const name = at < 0 ? entry : entry.slice(0, at);
  return { name, value: at < 0 ? '' : entry.slice(at + 1), secret: looksSecret(name) };
}
