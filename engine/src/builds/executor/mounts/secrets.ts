import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../../../errors/index.ts';
import type { ContainerMount } from '../../../types/index.ts';
import type { SecretMount, SshMount } from '../../dockerfile/index.ts';
import type { MountWork, Prepared } from './mount-work.ts';

const NOTHING: Prepared = { mounts: [], env: [] };

/** A file or a variable that only the command sees, and that is no part of any layer. */
export async function secretFile(
  { parts: { request, secretsDir } }: MountWork,
  mount: SecretMount,
  target: string,
): Promise<Prepared> {
  const value = request.secrets[mount.id];
  if (value === undefined) {
    if (!mount.required) return NOTHING;
    throw new EngineError('invalid-argument', `The build has no secret "${mount.id}".`, {
      detail: { step: 'secret', path: mount.id },
      hint: `Give it: --secret id=${mount.id},src=FILE.`,
    });
  }
  const env = mount.env === null ? [] : [`${mount.env}=${Buffer.from(value).toString('utf8')}`];
  if (mount.env !== null && mount.target === null) return { mounts: [], env };
  const path = join(secretsDir, randomBytes(16).toString('hex'));
  await mkdir(secretsDir, { recursive: true, mode: 0o700 });
  await writeFile(path, value, { flag: 'wx', mode: 0o600 });
  await chmod(path, mount.mode ?? 0o400);
  if (process.getuid?.() === 0) await chown(path, mount.uid ?? 0, mount.gid ?? 0);
  return { mounts: [bind(path, target, true)], env, end: () => rm(path, { force: true }) };
}

/** The socket of a person's own agent: keys never come into the build. */
export function sshAgent(
  { parts: { request } }: MountWork,
  { id, required }: SshMount,
  target: string,
): Prepared {
  const socket = request.ssh[id];
  if (socket !== undefined) {
    return { mounts: [bind(socket, target, false)], env: [`SSH_AUTH_SOCK=${target}`] };
  }
  if (!required) return NOTHING;
  throw new EngineError('invalid-argument', `The build has no ssh agent "${id}".`, {
    detail: { step: 'ssh', path: id },
    hint: `Give it: --ssh ${id}.`,
  });
}

function bind(source: string, target: string, readOnly: boolean): ContainerMount {
  return {
    ...{ type: 'bind', source, target, readOnly },
    ...{ createSource: false, propagation: 'rprivate', recursive: true },
  };
}
