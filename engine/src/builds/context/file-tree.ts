import type { WalkedFile } from '../../runtime/index.ts';

export const FILE_KIND = { mask: 0o170000, file: 0o100000, directory: 0o040000, link: 0o120000 } as const;

/** Files to choose from, by their paths from the tree's root; a folder before what is in it. The root is ''. */
export interface FileTree {
  readonly files: readonly WalkedFile[];
}

export function isDirectory({ mode }: Pick<WalkedFile, 'mode'>): boolean {
  return (mode & FILE_KIND.mask) === FILE_KIND.directory;
}

export function isRegular({ mode }: Pick<WalkedFile, 'mode'>): boolean {
  return (mode & FILE_KIND.mask) === FILE_KIND.file;
}

export function isLink({ mode }: Pick<WalkedFile, 'mode'>): boolean {
  return (mode & FILE_KIND.mask) === FILE_KIND.link;
}
