import type { ImageLayerFile } from '../../../types/index.ts';

const KINDS: Readonly<Record<ImageLayerFile['type'], string>> = {
  file: '-',
  directory: 'd',
  link: 'l',
  fifo: 'p',
  socket: 's',
  'character-device': 'c',
  'block-device': 'b',
  unknown: '?',
};

const CHANGES = { deleted: '(deleted)', emptied: '(emptied)' } as const;

/** A file of a layer as `tar -tv` has it: permissions, owner, size, time and name. */
export function layerFileLine(file: ImageLayerFile): string {
  const { change, path, type, mode, uid, gid, sizeBytes, modifiedAt, linkTarget } = file;
  if (change !== 'present') return `${CHANGES[change].padEnd(10)} ${path}`;
  const target = linkTarget === null ? '' : type === 'link' ? ` -> ${linkTarget}` : ` = ${linkTarget}`;
  const owner = `${uid}:${gid}`.padEnd(9);
  const time = modifiedAt.slice(0, 16).replace('T', ' ');
  return `${KINDS[type]}${permissions(mode)} ${owner} ${String(sizeBytes).padStart(10)} ${time} ${path}${target}`;
}

/** `rwxr-xr-x`, with setuid, setgid and sticky where ls shows them. */
function permissions(mode: number): string {
  const letters = Array.from('rwxrwxrwx', (letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-'));
  const special = [
    [0o4000, 2, 's'],
    [0o2000, 5, 's'],
    [0o1000, 8, 't'],
  ] as const;
  for (const [bit, at, letter] of special) {
    if ((mode & bit) !== 0) letters[at] = letters[at] === 'x' ? letter : letter.toUpperCase();
  }
  return letters.join('');
}
