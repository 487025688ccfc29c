import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import tar from 'tar-stream';
import { type Digest, parseDigest } from '../../oci/index.ts';

/** What a layer is made of, in this order. Names are without leading slash; owners are root. */
export type LayerEntry =
  | { readonly kind: 'directory'; readonly name: string; readonly mode: number }
  | { readonly kind: 'symlink'; readonly name: string; readonly target: string }
  | { readonly kind: 'text'; readonly name: string; readonly mode: number; readonly text: string }
  | { readonly kind: 'file'; readonly name: string; readonly mode: number; readonly source: string };

export interface LayerFile {
  readonly digest: Digest;
  readonly size: number;
  readonly diffId: Digest;
}

/** The same entries make the same bytes, whenever and wherever they are written. */
const FIXED = { uid: 0, gid: 0, uname: 'root', gname: 'root', mtime: new Date(0) };

/** Writes a gzip-compressed layer to `path`; compressing and hashing go on beside the event loop, piece by piece. */
export async function writeLayerFile(
  path: string,
  entries: readonly LayerEntry[],
  signal: AbortSignal,
): Promise<LayerFile> {
  const pack = tar.pack();
  const uncompressed = new Hashing();
  const compressed = new Hashing();
  const writing = pipeline(
    // tar-stream brings its own stream library, whose streams are made to work in Node's pipelines.
    pack as unknown as Readable,
    uncompressed,
    createGzip({ level: 6 }),
    compressed,
    createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
    { signal },
  );
  const packing = packEntries(pack, entries, signal).catch((thrown: unknown) => {
    pack.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
    throw thrown;
  });
  const [packed, written] = await Promise.allSettled([packing, writing]);
  if (packed.status === 'rejected') throw packed.reason;
  if (written.status === 'rejected') throw written.reason;
  return { digest: compressed.digest(), size: compressed.bytes, diffId: uncompressed.digest() };
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

/** Passes bytes on, and knows how many and which they were. */
class Hashing extends Transform {
  bytes = 0;
  private readonly hash = createHash('sha256');

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error: null, chunk: Buffer) => void,
  ): void {
    this.bytes += chunk.length;
    this.hash.update(chunk);
    done(null, chunk);
  }

  digest(): Digest {
    return parseDigest(`sha256:${this.hash.digest('hex')}`);
  }
}
