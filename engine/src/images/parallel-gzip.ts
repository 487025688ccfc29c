import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);

/** One piece of work for a thread; so large that what it cannot refer back to before it hardly counts. */
const BLOCK_BYTES = 1024 * 1024;
/** Node has four threads for this. */
const BLOCKS_AT_ONCE = 4;
/** RFC 1952: magic, deflate, no flags, no time, no extra flags, system unknown. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
const BEFORE_THE_LAST = { finishFlush: constants.Z_SYNC_FLUSH };

/**
 * Compresses on several threads at once. Its blocks are compressed apart, each up to a byte's end, and follow one another in
 * one gzip member, as pigz does it: any gunzip reads it. The same bytes make the same result, however they arrive.
 */
export async function* gzipInParallel(
  source: AsyncIterable<Uint8Array>,
  level: number,
): AsyncGenerator<Uint8Array> {
  const underWay: Promise<Uint8Array>[] = [];
  let [checksum, length] = [0, 0];
  yield HEADER;
  try {
    for await (const block of blocksOf(source)) {
      checksum = crc32(block, checksum);
      length += block.length;
      underWay.push(deflate(block, { level, ...BEFORE_THE_LAST }));
      if (underWay.length === BLOCKS_AT_ONCE) yield* firstOf(underWay);
    }
    while (underWay.length > 0) yield* firstOf(underWay);
  } finally {
    // Whoever leaves early does not hear of the others.
    for (const block of underWay) block.catch(() => undefined);
  }
  yield await deflate(Buffer.alloc(0));
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(checksum, 0);
  trailer.writeUInt32LE(length % 2 ** 32, 4);
  yield trailer;
}

async function* firstOf(underWay: Promise<Uint8Array>[]): AsyncGenerator<Uint8Array> {
  const first = underWay.shift();
  if (first !== undefined) yield await first;
}

/** All of one size but the last. */
async function* blocksOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  let filled = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length;) {
      const taken = chunk.subarray(at, at + BLOCK_BYTES - filled);
      block.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled < BLOCK_BYTES) continue;
      yield block;
      [block, filled] = [Buffer.allocUnsafeSlow(BLOCK_BYTES), 0];
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}
