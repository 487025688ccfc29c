import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, TEMPORARY_PREFIX } from '../metadata/index.ts';

/** st_blocks counts in these (stat(2)). */
const BLOCK = 512;

/** Of a file; null when there is none. */
export async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}

/** Null when there is no such file. */
export async function diskBytesOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).blocks * BLOCK;
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}

/** What a crash left of files that were being written. */
export async function removeTemporary(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(TEMPORARY_PREFIX)) continue;
    await rm(join(directory, name), { force: true, recursive: true });
  }
}
