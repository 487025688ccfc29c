import path from 'node:path';

/*
 * The meaning of a path's end in `cp`, as cp(1) and docker have it: `dir` is the directory itself, `dir/` says that it
 * must be one, `dir/.` means what is in it.
 */

export function hasTrailingSlash(text: string): boolean {
  return text.endsWith('/');
}

export function meansContents(text: string): boolean {
  return path.posix.basename(text) === '.';
}

export function saysDirectory(text: string): boolean {
  return hasTrailingSlash(text) || meansContents(text);
}

/** Gives a path that was cleaned the ending back that the person wrote. */
export function withEndingOf(cleaned: string, written: string): string {
  const contents = meansContents(written) && !meansContents(cleaned) ? withSlash(cleaned) + '.' : cleaned;
  return hasTrailingSlash(written) ? withSlash(contents) : contents;
}

/** The directory and the name in it; the name is `.` where the contents are meant. */
export function splitPath(text: string): { readonly directory: string; readonly name: string } {
  const cleaned = path.posix.normalize(text).replace(/(?<=.)\/+$/, '');
  if (meansContents(text)) return { directory: cleaned, name: '.' };
  return { directory: path.posix.dirname(cleaned), name: path.posix.basename(cleaned) || '/' };
}

/**
 * A path whose links were followed, ending as it was written, and the name that it was called by where following has
 * changed that.
 */
export function followed(
  written: string,
  target: string,
): { readonly path: string; readonly calledBy: string | null } {
  const ending = withEndingOf(target, written);
  const name = path.posix.basename(written);
  return { path: ending, calledBy: name === path.posix.basename(ending) ? null : name };
}

function withSlash(text: string): string {
  return hasTrailingSlash(text) ? text : `${text}/`;
}
