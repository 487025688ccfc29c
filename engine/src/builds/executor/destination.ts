import { posix } from 'node:path';
import { isDirectory } from '../context/file-tree.ts';
import type { ChosenFile, ChosenSource } from '../context/choose.ts';

/** One entry that a copy makes. */
export interface Placed {
  readonly file: ChosenFile['file'];
  /** Absolute. */
  readonly target: string;
}

export interface Placement {
  /** Absolute; ends in a slash when it is a folder for sure. */
  readonly destination: string;
  /** A folder is there already: it keeps its owner and its permissions. */
  readonly isFolderThere: boolean;
  /** `--parents`: the whole path is made again. */
  readonly parents: boolean;
}

/** Where everything that was chosen comes to lie: what is in folders, files by their names. */
export function place(sources: readonly ChosenSource[], placement: Placement): readonly Placed[] {
  const { destination, isFolderThere } = placement;
  const isFolder = destination.endsWith('/') || isFolderThere || sources.length > 1 || placement.parents;
  const placed = sources.flatMap(({ top, files }) => {
    const base = baseOf(top.path, isDirectory(top), isFolder, placement);
    const entries = files.map(({ file, target }) => ({ file, target: posix.join(base, target) }));
    // A folder that is there, or is the root, is not made again.
    const root = destination.replace(/\/+$/, '') || '/';
    return entries.filter(({ file, target }) => {
      const trimmed = target.replace(/\/+$/, '') || '/';
      return !(isDirectory(file) && (trimmed === '/' || (trimmed === root && isFolderThere)));
    });
  });
  return [...new Map(placed.map((entry) => [entry.target.replace(/\/+$/, ''), entry])).values()];
}

function baseOf(
  path: string,
  isTopFolder: boolean,
  isFolder: boolean,
  { destination, parents }: Placement,
): string {
  if (parents) return posix.join(destination, path);
  if (isTopFolder) return destination;
  return isFolder ? posix.join(destination, posix.basename(path)) : destination;
}
