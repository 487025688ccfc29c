/** Absolute paths with `/` between their names; the root is `/`. */
export function joinPath(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}

export function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export interface Crumb {
  readonly name: string;
  readonly path: string;
}

/** The folders on the way to a path, the root first, and itself last. */
export function crumbsOf(path: string): readonly Crumb[] {
  const names = path.split('/').filter((name) => name !== '');
  return [
    { name: '/', path: '/' },
    ...names.map((name, index) => ({ name, path: `/${names.slice(0, index + 1).join('/')}` })),
  ];
}

/** Whatever stands in an address as a path of a folder. */
export function cleanPath(written: string | null): string {
  const names = (written ?? '').split('/').filter((name) => name !== '' && name !== '.' && name !== '..');
  return `/${names.join('/')}`;
}

/** As the kernel takes a name: any bytes but `/`, at most 255 of them, and not the two that mean something else. */
export function isFileName(name: string): boolean {
  const bytes = new TextEncoder().encode(name).length;
  return bytes > 0 && bytes <= 255 && name !== '.' && name !== '..' && !/[/\0]/.test(name);
}
