import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskError } from './disk-error.ts';

/** Marks files that are being written; what a crash leaves of them is removed at the next start. */
export const TEMPORARY_PREFIX = '.tmp-';

/**
 * Replaces the file at `path` so that after a crash at any moment either the old or the new content is there, whole:
 * temporary name in the same folder, fsync, rename, fsync of the folder. Fails with a typed error when the disk is full.
 */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `${TEMPORARY_PREFIX}${randomUUID()}`);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncDirectory(dirname(path));
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw diskError(thrown, path);
  }
}

/** Makes names that were added to or removed from a folder last. Fails as `writeDurably` does. */
export async function syncDirectory(path: string): Promise<void> {
  try {
    const directory = await open(path, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch (thrown) {
    throw diskError(thrown, path);
  }
}
