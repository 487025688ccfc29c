import type { RunMount } from '../../graph/vertex.ts';
import type { WorkContainer } from '../work-container.ts';
import type { CacheFolders } from './cache-folders.ts';
import type { MountWork, Prepared, RunSurroundings } from './mount-work.ts';
import { mountedFiles } from './mounted-files.ts';
import { missingPlaces, removePlace } from './places.ts';
import { secretFile, sshAgent } from './secrets.ts';

/** Prepares what a command mounts, and takes it away again with the places that were made to mount on. */
export async function withMounts(
  work: MountWork,
  cacheFolders: CacheFolders,
  mounts: readonly RunMount[],
  container: WorkContainer,
  run: (around: RunSurroundings) => Promise<void>,
): Promise<void> {
  const prepared: Prepared[] = [];
  try {
    for (const mount of mounts) prepared.push(await prepare(work, cacheFolders, mount));
    const around = {
      mounts: prepared.flatMap((each) => each.mounts),
      env: prepared.flatMap((each) => each.env),
    };
    const places = await missingPlaces(work, container, around.mounts);
    await run(around);
    // The innermost first; what the command has put there stays.
    for (const path of places.reverse()) await removePlace(work, container, path);
  } finally {
    for (const { end } of prepared.reverse()) await end?.();
  }
}

function prepare(
  work: MountWork,
  cacheFolders: CacheFolders,
  { mount, target, origin }: RunMount,
): Promise<Prepared> {
  switch (mount.type) {
    case 'bind':
      return mountedFiles(work, { origin, path: mount.source, target, readOnly: mount.readOnly });
    case 'cache':
      return cacheFolders.mount(work, mount, target, origin);
    case 'tmpfs': {
      const options = ['exec', ...(mount.readOnly ? ['ro'] : [])];
      const tmpfs = { type: 'tmpfs', target, sizeBytes: mount.size, mode: null, options } as const;
      return Promise.resolve({ mounts: [tmpfs], env: [] });
    }
    case 'secret':
      return secretFile(work, mount, target);
    case 'ssh':
      return Promise.resolve(sshAgent(work, mount, target));
  }
}
