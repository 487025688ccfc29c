import { mkdir, stat } from 'node:fs/promises';
import { EngineError } from '../errors/index.ts';
import { diskError, errnoOf } from '../metadata/index.ts';
import type { BindMount, ContainerMount } from '../types/index.ts';

/** Makes missing sources that are to be made, and refuses the others before the runtime is bothered. */
export async function prepareBindSources(mounts: readonly ContainerMount[]): Promise<void> {
  for (const mount of mounts) {
    if (mount.type === 'bind') await prepare(mount);
  }
}

async function prepare({ source, createSource }: BindMount): Promise<void> {
  try {
    await stat(source);
  } catch (thrown) {
    // What this process may not look at, the agent may.
    if (errnoOf(thrown) !== 'ENOENT') return;
    if (createSource) await makeFolder(source);
    else throw missing(source);
  }
}

async function makeFolder(source: string): Promise<void> {
  try {
    await mkdir(source, { recursive: true });
  } catch (thrown) {
    throw diskError(thrown, source);
  }
}

function missing(source: string): EngineError {
  return new EngineError('failed-precondition', `The folder to mount does not exist: ${source}`, {
    detail: { step: 'mount', errno: 'ENOENT', path: source },
    hint: 'Make the folder first, or let Longshore make it.',
  });
}
