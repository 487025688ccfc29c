import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BuildRequestInput } from '../../../../contract/index.ts';
import { EngineError } from '../../../../errors/index.ts';

type Output = NonNullable<BuildRequestInput['outputs']>[number];

/** `name=value` each; without a value `byDefault` says it, or leaves it out. */
export function pairs(
  entries: readonly string[],
  byDefault: (name: string) => string | undefined,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of entries) {
    const equals = entry.indexOf('=');
    const value = equals === -1 ? byDefault(entry) : entry.slice(equals + 1);
    if (value !== undefined) found[equals === -1 ? entry : entry.slice(0, equals)] = value;
  }
  return found;
}

/** `id=name,src=path`, `id=name,env=VARIABLE`, or `id=name` for a variable of the same name. */
export async function secretsOf(
  entries: readonly string[],
): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const secrets: Record<string, Uint8Array<ArrayBuffer>> = {};
  for (const entry of entries) {
    const fields = pairs(entry.split(','), () => undefined);
    const { id, src, source = src, env } = fields;
    if (id === undefined)
      throw wrong('A secret has an id: --secret id=NAME,src=FILE.', entry.split(',')[0] ?? '');
    const variable = process.env[env ?? id];
    if (source === undefined && variable === undefined)
      throw wrong(`There is nothing for the secret ${id}.`, id);
    secrets[id] = Uint8Array.from(
      source === undefined ? Buffer.from(variable ?? '') : await readFile(source),
    );
  }
  return secrets;
}

/** `default`, `id`, or `id=socket`. */
export function sshOf(entries: readonly string[]): Record<string, string> {
  const agent = process.env['SSH_AUTH_SOCK'];
  const sockets = pairs(entries, () => agent ?? '');
  for (const [id, socket] of Object.entries(sockets)) {
    if (socket === '') throw wrong('No ssh agent runs: SSH_AUTH_SOCK is not set.', id);
  }
  return sockets;
}

/** `type=local,dest=PATH`, or a path alone; `-` is the output. */
export function outputOf(text: string): Output {
  if (!text.includes('=')) return text === '-' ? { type: 'tar' } : { type: 'local', path: resolve(text) };
  const { type = '', dest } = pairs(text.split(','), () => undefined);
  const path = dest === undefined || dest === '-' ? {} : { path: resolve(dest) };
  if (type === 'image') return { type };
  if (type === 'local' && path.path !== undefined) return { type, path: path.path };
  if (type === 'tar' || type === 'oci' || type === 'docker') return { type, ...path };
  throw wrong('An output is written type=image|local|tar|oci|docker,dest=PATH.', text);
}

export function wrong(message: string, path: string): EngineError {
  return new EngineError('invalid-argument', message, { detail: { path } });
}
