import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import { type LayerFile, writeLayer } from '../layer-writer.ts';

/** What a layer is made of, in this order. Names are without leading slash; owners are root. */
export type LayerEntry =
  | { readonly kind: 'directory'; readonly name: string; readonly mode: number }
  | { readonly kind: 'symlink'; readonly name: string; readonly target: string }
  | { readonly kind: 'text'; readonly name: string; readonly mode: number; readonly text: string }
  | { readonly kind: 'file'; readonly name: string; readonly mode: number; readonly source: string };

/** The same entries make the same bytes, whenever and wherever they are written. */
const FIXED = { uid: 0, gid: 0, uname: 'root', gname: 'root', mtime: new Date(0) };

/** Writes the entries as a gzip-compressed layer to `path`. */
export async function writeLayerFile(
  path: string,
  entries: readonly LayerEntry[],
  signal: AbortSignal,
): Promise<LayerFile> {
  const pack = tar.pack();
  // tar-stream brings its own stream library, whose streams are made to work in Node's pipelines.
  const writing = writeLayer(path, pack as unknown as Readable, signal);
  const packing = packEntries(pack, entries, signal).catch((thrown: unknown) => {
    pack.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
    throw thrown;
  });
  const [packed, written] = await Promise.allSettled([packing, writing]);
  if (packed.status === 'rejected') throw packed.reason;
  if (written.status === 'rejected') throw written.reason;
  return written.value;
}

async function packEntries(
  pack: tar.Pack,
  entries: readonly LayerEntry[],
  signal: AbortSignal,
): Promise<void> {
  for (const entry of entries) {
    signal.throwIfAborted();
    switch (entry.kind) {
      case 'directory':
        pack.entry({ ...FIXED, type: 'directory', name: `${entry.name}/`, mode: entry.mode });
        break;
      case 'symlink':
        pack.entry({ ...FIXED, type: 'symlink', name: entry.name, linkname: entry.target, mode: 0o777 });
        break;
      case 'text':
        pack.entry({ ...FIXED, name: entry.name, mode: entry.mode }, entry.text);
        break;
      case 'file':
        await packFile(pack, entry, signal);
    }
  }
  pack.finalize();
}

async function packFile(
  pack: tar.Pack,
  { name, mode, source }: Extract<LayerEntry, { kind: 'file' }>,
  signal: AbortSignal,
): Promise<void> {
  const { size } = await stat(source);
  const file = pack.entry({ ...FIXED, name, mode, size });
  await pipeline(createReadStream(source), file as unknown as NodeJS.WritableStream, { signal });
}
