import { readFileSync } from 'node:fs';

/** `-e NAME` alone takes the value from here; when there is none, the variable is not set at all. */
export function resolveEnv(
  values: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): string[] {
  return values.flatMap((value) => {
    if (value.includes('=')) return [value];
    const own = environment[value];
    return own === undefined ? [] : [`${value}=${own}`];
  });
}

/** An --env-file: one NAME=value or NAME a line, # begins a comment line. */
export function readEnvFile(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .map((line) => line.trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
