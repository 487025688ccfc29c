import type { Stats } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../../metadata/index.ts';

/** st_blocks counts in these (stat(2)). */
const BLOCK = 512;

/**
 * Bytes of disk of a folder and everything below, as du(1) counts them: links are not followed, other file systems are not
 * entered, a file with several names counts once. What `skip` names, by its path, is left out; so is what goes meanwhile.
 */
export async function diskBytes(
  folder: string,
  skip: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<number> {
  const { dev, blocks } = await lstat(folder);
  const linked = new Set<number>();
  const folders = [folder];
  let total = blocks * BLOCK;
  for (let path = folders.pop(); path !== undefined; path = folders.pop()) {
    for (const name of await namesIn(path)) {
      signal.throwIfAborted();
      const child = join(path, name);
      const stat = skip.has(child) ? null : await statOf(child);
      if (stat?.dev !== dev) continue;
      if (stat.isDirectory()) folders.push(child);
      else if (stat.nlink > 1 && linked.has(stat.ino)) continue;
      linked.add(stat.ino);
      total += stat.blocks * BLOCK;
    }
  }
  return total;
}

async function namesIn(path: string): Promise<readonly string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(path)) names.push(name);
  } catch (thrown) {
    if (errnoOf(thrown) !== 'ENOENT') throw thrown;
  }
  return names;
}

async function statOf(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}
