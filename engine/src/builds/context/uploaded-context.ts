import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError, isEngineError } from '../../errors/index.ts';
import { decompressed } from '../../images/index.ts';
import { diskError, errnoOf } from '../../metadata/index.ts';
import type { Snapshotter } from '../../snapshots/index.ts';
import { unpackLocally } from '../unpack-locally.ts';
import type { KnownFiles } from './known-files.ts';

/** A context that was sent as an archive. */
export interface UploadedContext {
  readonly folder: string;
  readonly known: KnownFiles;
  discard(): Promise<void>;
}

export interface ReceivingParts {
  readonly temporaryDir: string;
  readonly snapshotter: Pick<Snapshotter, 'decompress'>;
}

/** Of a tar archive. */
const BLOCK_LENGTH = 512;

/** Unpacks an archive, compressed or not, into a folder of its own. */
export async function receivedContext(
  up: AsyncIterable<Uint8Array>,
  { temporaryDir, snapshotter }: ReceivingParts,
  signal: AbortSignal,
): Promise<UploadedContext> {
  const folder = join(temporaryDir, randomUUID());
  const known: KnownFiles = new Map();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const discard = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const archive = wholeBlocks(await decompressed(up, snapshotter, signal));
    await unpackLocally(archive, folder, 0o7777, signal, known);
    return { folder, known, discard };
  } catch (thrown) {
    await discard();
    throw signal.aborted || isEngineError(thrown) ? thrown : unreadable(thrown);
  }
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
    hint: 'It is a tar archive, plain or compressed with gzip, zstd, bzip2 or xz.',
    cause,
  });
}
