import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Digest, parseDigest } from '../oci/index.ts';
import { gzipInParallel } from './parallel-gzip.ts';

/** A layer as a gzip-compressed file. */
export interface LayerFile {
  /** Of the compressed bytes, as is `size`. */
  readonly digest: Digest;
  readonly size: number;
  readonly diffId: Digest;
}

/** zlib's own default: beyond it a layer takes much longer and hardly gets smaller. */
const GZIP_LEVEL = 6;

/**
 * Writes a tar stream as a gzip-compressed layer to `path`, which must not exist; compressing and hashing go on beside
 * the event loop, piece by piece. The bytes are on disk when it resolves.
 */
export async function writeLayer(
  path: string,
  archive: Readable | AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<LayerFile> {
  const uncompressed = new Hashing();
  const compressed = new Hashing();
  await pipeline(
    archive,
    uncompressed,
    (source) => gzipInParallel(source as AsyncIterable<Uint8Array>, GZIP_LEVEL),
    compressed,
    createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
    { signal },
  );
  return { digest: compressed.digest(), size: compressed.bytes, diffId: uncompressed.digest() };
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
