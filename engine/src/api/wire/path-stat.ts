import type { PathStat } from '../../types/index.ts';

/** Kinds of files in stat(2), and the bits that Go's os.FileMode has for them. */
const KIND_MASK = 0o170_000;
const GO_KINDS: Readonly<Record<number, number>> = {
  0o040_000: 2 ** 31, // directory
  0o120_000: 2 ** 27, // symbolic link
  0o060_000: 2 ** 26, // block device
  0o010_000: 2 ** 25, // named pipe
  0o140_000: 2 ** 24, // socket
  0o020_000: 2 ** 26 + 2 ** 21, // character device
};
const GO_SETUID = 2 ** 23;
const GO_SETGID = 2 ** 22;
const GO_STICKY = 2 ** 20;

/** stat(2)'s mode as Go's os.FileMode. */
export function goFileMode(mode: number): number {
  return (
    (mode & 0o777) +
    (GO_KINDS[mode & KIND_MASK] ?? 0) +
    (mode & 0o4000 ? GO_SETUID : 0) +
    (mode & 0o2000 ? GO_SETGID : 0) +
    (mode & 0o1000 ? GO_STICKY : 0)
  );
}

/** X-Docker-Container-Path-Stat: JSON in base64. */
export function pathStatHeader({ name, sizeBytes, mode, modifiedAt, linkTarget }: PathStat): string {
  const stat = {
    name,
    size: sizeBytes,
    mode: goFileMode(mode),
    mtime: modifiedAt,
    linkTarget: linkTarget ?? '',
  };
  return Buffer.from(JSON.stringify(stat)).toString('base64');
}
