import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import type { ContentStore } from '../../content/index.ts';
import { EngineError, isEngineError, toEngineError } from '../../errors/index.ts';
import { diskFull } from '../../metadata/index.ts';
import type { Snapshotter } from '../../snapshots/index.ts';
import { decompressed } from './compression.ts';
import { badArchive } from './problems.ts';
import type { ReceivedFiles } from './received-files.ts';

export interface ReceiveOptions {
  readonly content: Pick<ContentStore, 'freeBytes'>;
  readonly snapshotter: Pick<Snapshotter, 'decompress'>;
  readonly signal: AbortSignal;
  /** Hears of each piece of the archive as it came. */
  readonly onBytes: (count: number) => void;
}

/** As tar-stream hands entries out. */
type Entry = AsyncIterable<Uint8Array> & {
  readonly header: {
    readonly type: string | null;
    readonly name: string;
    readonly size: number;
    readonly linkname: string | null;
  };
};

/**
 * Puts the files of a tar stream where `files` keeps them, one after the other as they come. What does not fit on the
 * disk is refused before it is written.
 */
export async function receiveArchive(
  files: ReceivedFiles,
  bytes: AsyncIterable<Uint8Array>,
  { content, snapshotter, signal, onBytes }: ReceiveOptions,
): Promise<void> {
  const archive = await decompressed(counted(bytes, onBytes), snapshotter, signal);
  const entries = tar.extract();
  // tar-stream brings its own stream library, whose streams are made to work in Node's pipelines.
  const feeding = pipeline(Readable.from(archive), entries as unknown as NodeJS.WritableStream, { signal });
  // Its failure ends the reading with the same error.
  feeding.catch(() => undefined);
  try {
    for await (const entry of entries) await receiveEntry(files, entry as unknown as Entry, content);
    await feeding;
  } catch (thrown) {
    signal.throwIfAborted();
    throw inWords(thrown);
  }
  // A caller that leaves ends its bytes, which may look like the end of the archive.
  signal.throwIfAborted();
}

async function receiveEntry(
  files: ReceivedFiles,
  entry: Entry,
  content: ReceiveOptions['content'],
): Promise<void> {
  const { type, name, linkname, size } = entry.header;
  if (type === 'file' || type === 'contiguous-file') {
    await refuseWithoutRoom(content, name, size);
    await files.receive(name, entry);
    return;
  }
  if (type === 'symlink' || type === 'link') files.link(name, linkname ?? '', type === 'link');
  else if (type !== 'directory') {
    throw badArchive('entry', `it has a ${type ?? 'nameless thing'}, which no image archive has`, name);
  }
  // The next entry comes only once this one has been read.
  for await (const _ of entry);
}

async function refuseWithoutRoom(
  content: ReceiveOptions['content'],
  name: string,
  size: number,
): Promise<void> {
  const free = await content.freeBytes();
  if (size <= free) return;
  throw diskFull(
    { detail: { step: 'space', errno: 'ENOSPC', path: name.slice(0, 200) }, cause: undefined },
    `The archive needs more than the ${free} bytes of disk space that are free.`,
  );
}

/** Tells of each piece before it is passed on. */
export async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of bytes) {
    onBytes(chunk.byteLength);
    yield chunk;
  }
}

/** What tar-stream says of bytes that are no archive are plain errors. */
function inWords(thrown: unknown): unknown {
  if (isEngineError(thrown)) return thrown;
  const { message } = toEngineError(thrown);
  if (thrown instanceof Error && 'code' in thrown)
    return new EngineError('internal', message, { cause: thrown });
  return badArchive('tar', 'it is no tar archive, or a part of it is missing', undefined, thrown);
}
