/** The kinds of file in a mode, as in stat(2): the container's, so not this machine's own numbers. */
const KIND = 0o170000;
const DIRECTORY = 0o040000;
const REGULAR = 0o100000;
const LINK = 0o120000;

export function isDirectoryMode(mode: number): boolean {
  return (mode & KIND) === DIRECTORY;
}

export function isRegularMode(mode: number): boolean {
  return (mode & KIND) === REGULAR;
}

export function isLinkMode(mode: number): boolean {
  return (mode & KIND) === LINK;
}
