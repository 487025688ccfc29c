import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { EngineError, isEngineError } from '../../errors/index.ts';
import { diskError, errnoOf } from '../../metadata/index.ts';
import { unpackLocally } from '../output/local-folder.ts';

/** A context that was sent as an archive. */
export interface UploadedContext {
  readonly folder: string;
  discard(): Promise<void>;
}

/** Of a tar archive. */
const BLOCK_LENGTH = 512;
const GZIP = Buffer.from([0x1f, 0x8b]);

/** Unpacks an archive, plain or compressed with gzip, into a folder of its own. */
export async function receivedContext(
  up: AsyncIterable<Uint8Array>,
  temporaryDir: string,
  signal: AbortSignal,
): Promise<UploadedContext> {
  const folder = join(temporaryDir, randomUUID());
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const discard = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await unpackLocally(wholeBlocks(plain(up)), folder, 0o7777, signal);
    return { folder, discard };
  } catch (thrown) {
    await discard();
    throw signal.aborted || isEngineError(thrown) ? thrown : unreadable(thrown);
  }
}

async function* plain(up: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = up[Symbol.asyncIterator]();
  const first = await reader.next();
  if (first.done === true) return;
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    yield first.value;
    for (let next = await reader.next(); next.done !== true; next = await reader.next()) yield next.value;
  };
  const isCompressed = Buffer.from(first.value.subarray(0, GZIP.length)).equals(GZIP);
  if (!isCompressed) {
    yield* whole();
    return;
  }
  const unpacked = createGunzip();
  // What goes wrong comes to whoever reads.
  pipeline(Readable.from(whole()), unpacked).catch(() => undefined);
  yield* unpacked as AsyncIterable<Uint8Array>;
}

/**
 * docker(1) adds a Dockerfile from outside the context as the last entry, and leaves out what an archive should end with:
 * it may stop in the middle of a block.
 */
async function* wholeBlocks(archive: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const piece of archive) {
    length += piece.length;
    yield piece;
  }
  const missing = (BLOCK_LENGTH - (length % BLOCK_LENGTH)) % BLOCK_LENGTH;
  if (missing > 0) yield new Uint8Array(missing);
}

function unreadable(cause: unknown): unknown {
  if (errnoOf(cause)?.startsWith('E') === true) return diskError(cause, 'the context');
  return new EngineError('invalid-argument', 'The context is no archive that can be read.', {
    detail: { step: 'context' },
    hint: 'It is a tar archive, plain or compressed with gzip.',
    cause,
  });
}
