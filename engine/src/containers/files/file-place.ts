import { posix } from 'node:path';
import { EngineError } from '../../errors/index.ts';
import type { ContainerTarget, FilesTarget } from '../../runtime/index.ts';
import type { ContainerMount, PathStat, VolumeMount } from '../../types/index.ts';
import type { Container } from '../container.ts';

/** Where a path of a container is found, and as what. */
export interface FilePlace {
  readonly target: FilesTarget;
  readonly path: string;
  /** Of a container that does not run: the mount that the path is in. */
  readonly mount: VolumeMount | null;
  /** The path is the mount itself. */
  readonly isMount: boolean;
}

/**
 * A container that runs is looked into as it sees itself. Of one that does not run nothing is mounted, so a path in one
 * of its volumes leads to that volume. Links of its own that lead into a volume are not followed there.
 */
export function placeOf(container: Container, path: string): FilePlace {
  const own: FilePlace = { target: filesOf(container), path, mount: null, isMount: false };
  if (container.running) return own;
  const plain = posix.resolve('/', path);
  const mount = mountAt(container.record.spec.mounts, plain);
  if (mount?.type !== 'volume') return own;
  const inMount = plain.slice(folderOf(mount).length);
  const ending = /\/\.?$/.exec(path)?.[0] ?? '';
  return {
    target: { volume: mount.source },
    path: posix.join('/', mount.subpath, inMount) + (inMount === '' && ending === '/' ? '' : ending),
    mount,
    isMount: inMount === '',
  };
}

/** The same, for a change. */
export function writablePlaceOf(container: Container, path: string): FilePlace {
  const place = placeOf(container, path);
  if (place.mount?.readOnly !== true) return place;
  throw new EngineError(
    'permission-denied',
    `The volume ${place.mount.source} is mounted read-only at ${place.mount.target}.`,
    { detail: { step: 'files', path } },
  );
}

/** The same, for a name that goes or becomes another: a mount itself stays. */
export function ownNameOf(container: Container, path: string): FilePlace {
  const place = writablePlaceOf(container, path);
  if (place.mount === null || !place.isMount) return place;
  throw new EngineError('failed-precondition', `The volume ${place.mount.source} is mounted at ${path}.`, {
    detail: { step: 'files', path },
  });
}

/** In the container's own words. */
export function statFrom({ mount, isMount }: FilePlace, stat: PathStat): PathStat {
  if (mount === null) return stat;
  const { linkTarget } = stat;
  const inVolume = linkTarget === null ? null : posix.relative(posix.join('/', mount.subpath), linkTarget);
  return {
    ...stat,
    name: isMount && stat.name !== '.' ? posix.basename(folderOf(mount)) : stat.name,
    linkTarget: inVolume === null ? null : posix.join(mount.target, inVolume),
  };
}

export function filesOf({ record: { id, chainIds, spec } }: Container): ContainerTarget {
  return { id, rootfs: { chainIds, readOnly: spec.readOnlyRootfs } };
}

/** The innermost. */
function mountAt(mounts: readonly ContainerMount[], path: string): ContainerMount | undefined {
  return mounts
    .filter((mount) => path === folderOf(mount) || path.startsWith(`${folderOf(mount)}/`))
    .sort((one, other) => folderOf(other).length - folderOf(one).length)[0];
}

function folderOf({ target }: Pick<ContainerMount, 'target'>): string {
  return posix.resolve('/', target);
}
