import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { EngineError, isEngineError } from '../../errors/index.ts';
import type { Snapshotter } from '../../snapshots/index.ts';

/** How bytes are packed, by how they begin (RFC 1952, RFC 8878, and the formats of bzip2 and xz). */
const MAGIC = [
  { name: 'gzip', bytes: [0x1f, 0x8b] },
  { name: 'zstd', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: 'bzip2', bytes: [0x42, 0x5a, 0x68] },
  { name: 'xz', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
] as const;

export type Compression = (typeof MAGIC)[number]['name'] | 'none';

/** So many first bytes are enough to tell. */
export const HEAD_BYTES = 6;

export function compressionOf(head: Uint8Array): Compression {
  const known = MAGIC.find(({ bytes }) => bytes.every((byte, at) => head[at] === byte));
  return known?.name ?? 'none';
}

/** A stream as it is, or unpacked when it is packed. What cannot be unpacked: `invalid-argument`, step `decompress`. */
export async function decompressed(
  bytes: AsyncIterable<Uint8Array>,
  snapshotter: Pick<Snapshotter, 'decompress'>,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const { head, whole } = await peek(bytes);
  const compression = compressionOf(head);
  if (compression === 'none') return whole;
  if (compression === 'gzip') return gunzipped(whole, signal);
  return unpackedByAgent(compression, whole, snapshotter, signal);
}

async function* unpackedByAgent(
  compression: Compression,
  bytes: AsyncIterable<Uint8Array>,
  snapshotter: Pick<Snapshotter, 'decompress'>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* snapshotter.decompress(bytes, { signal });
  } catch (thrown) {
    const isDamage = isEngineError(thrown, 'invalid-argument') && thrown.detail.step === 'decompress';
    throw isDamage ? damaged(compression, thrown) : thrown;
  }
}

async function peek(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ readonly head: Uint8Array; readonly whole: AsyncIterable<Uint8Array> }> {
  const iterator = bytes[Symbol.asyncIterator]();
  let head = new Uint8Array();
  while (head.byteLength < HEAD_BYTES) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return { head, whole: rejoined(head, iterator) };
}

async function* rejoined(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** Inflating goes on beside the event loop, and waits while nobody reads. */
async function* gunzipped(
  bytes: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = Readable.from(bytes, { signal, objectMode: false });
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzip)) yield chunk as Uint8Array;
  } catch (thrown) {
    throw isZlibError(thrown) ? damaged('gzip', thrown) : thrown;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

function isZlibError(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('Z_');
}

function damaged(compression: Compression, cause: unknown): EngineError {
  const message = `The archive is cut off or damaged: ${compression} cannot unpack it.`;
  return new EngineError('invalid-argument', message, {
    detail: { step: 'decompress' },
    hint: 'Copy it again, or save it again where it comes from.',
    cause,
  });
}
