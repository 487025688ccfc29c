import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../../metadata/index.ts';
import type { BuildsParts } from '../build-parts.ts';
import { removeMountedFiles } from './mounts/mounted-files.ts';
import { WORK_CONTAINERS } from './work-container.ts';

type LeftOverParts = Pick<BuildsParts, 'runtime' | 'files' | 'volumes' | 'secretsDir' | 'temporaryDir'>;

/** What builds had under way when the engine was killed. Nothing of another build runs meanwhile. */
export async function removeLeftOver(parts: LeftOverParts, signal: AbortSignal): Promise<void> {
  const { runtime, files, volumes } = parts;
  const ids = new Set((await runtime.list({ signal })).containers.map(({ id }) => id));
  for await (const { id } of files.usage([], { signal })) ids.add(id);
  for (const id of ids) if (id.startsWith(WORK_CONTAINERS)) await runtime.delete(id, true, { signal });
  await removeMountedFiles(volumes, signal);
  for (const folder of [parts.secretsDir, parts.temporaryDir]) await emptyFolder(folder);
}

async function emptyFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch((thrown: unknown) => {
    if (errnoOf(thrown) === 'ENOENT') return [];
    throw thrown;
  });
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true });
}
