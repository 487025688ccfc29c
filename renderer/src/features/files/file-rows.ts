import type { DirectoryEntry, FileChange } from '@longshore/engine/types';
import { joinPath, parentPath } from './paths.ts';

/** A name in a folder as it is shown. */
export interface FileRow {
  readonly path: string;
  readonly entry: DirectoryEntry;
  /** Against the image; undefined where it is the image's, or nothing is known. */
  readonly change: FileChange['kind'] | undefined;
}

export type Changes = ReadonlyMap<string, FileChange['kind']>;

export function changesByPath(changes: readonly FileChange[]): Changes {
  return new Map(changes.map(({ path, kind }) => [path, kind]));
}

/** What is in a folder, and after it what the image has there and the container no longer. */
export function fileRows(
  folder: string,
  entries: readonly DirectoryEntry[],
  changes: Changes,
): readonly FileRow[] {
  const rows = entries.map((entry): FileRow => {
    const path = joinPath(folder, entry.name);
    return { path, entry, change: changes.get(path) };
  });
  const names = new Set(entries.map(({ name }) => name));
  const gone = [...changes]
    .filter(([path, kind]) => kind === 'deleted' && parentPath(path) === folder)
    .map(([path]): FileRow => ({ path, entry: deletedEntry(path), change: 'deleted' }))
    .filter(({ entry }) => !names.has(entry.name));
  return [...rows.sort(byName), ...gone.sort(byName)];
}

function deletedEntry(path: string): DirectoryEntry {
  return {
    name: path.slice(path.lastIndexOf('/') + 1),
    type: 'unknown',
    sizeBytes: 0,
    mode: 0,
    modifiedAt: '',
    uid: 0,
    gid: 0,
    linkTarget: null,
  };
}

export function isGone({ change }: FileRow): boolean {
  return change === 'deleted';
}

const names = new Intl.Collator(undefined, { numeric: true });

/** Folders first, each by name, numbers in them as numbers. */
export function byName(a: FileRow, b: FileRow): number {
  const folders = Number(b.entry.type === 'directory') - Number(a.entry.type === 'directory');
  return folders !== 0 ? folders : names.compare(a.entry.name, b.entry.name);
}

const FLAGS = ['r', 'w', 'x'] as const;
const LETTERS: Readonly<Partial<Record<DirectoryEntry['type'], string>>> = {
  directory: 'd',
  link: 'l',
  fifo: 'p',
  socket: 's',
  'character-device': 'c',
  'block-device': 'b',
};

/** As ls(1) writes it: `drwxr-xr-x`, with setuid, setgid and the sticky bit in their places. */
export function modeText({ type, mode }: Pick<DirectoryEntry, 'type' | 'mode'>): string {
  const letters = Array.from<unknown, string>({ length: 9 }, (_, at) =>
    (mode >> (8 - at)) & 1 ? (FLAGS[at % 3] ?? '') : '-',
  );
  const special = (bit: number, at: number, set: string) => {
    if ((mode & bit) !== 0) letters[at] = letters[at] === 'x' ? set : set.toUpperCase();
  };
  special(0o4000, 2, 's');
  special(0o2000, 5, 's');
  special(0o1000, 8, 't');
  return (LETTERS[type] ?? '-') + letters.join('');
}
