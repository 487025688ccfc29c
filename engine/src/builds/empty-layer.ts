import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MEDIA_TYPES, parseDigest } from '../oci/index.ts';
import type { Snapshotter } from '../snapshots/index.ts';

/** A tar archive without entries is its end alone. */
const ARCHIVE = Buffer.alloc(1024);

/** The ChainID of a layer with nothing in it. */
export const EMPTY_LAYER = parseDigest(`sha256:${createHash('sha256').update(ARCHIVE).digest('hex')}`);

/** Makes it, unless it is here. */
export async function ensureEmptyLayer(
  snapshotter: Snapshotter,
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  const path = join(folder, 'empty.tar');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(path, ARCHIVE);
  try {
    const source = {
      chainId: EMPTY_LAYER,
      parentChainId: null,
      diffId: EMPTY_LAYER,
      digest: EMPTY_LAYER,
      size: ARCHIVE.length,
      mediaType: MEDIA_TYPES.ociLayer,
      path,
    };
    await snapshotter.unpack(source, whole(), { signal });
    return EMPTY_LAYER;
  } finally {
    await rm(path, { force: true });
  }
}

async function* whole(): AsyncGenerator<number> {
  yield await Promise.resolve(ARCHIVE.length);
}
