import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import { EngineError, isEngineError, toEngineError } from '../../errors/index.ts';
import { errnoOf } from '../../metadata/index.ts';
import type { Snapshotter } from '../../snapshots/index.ts';
import type { ImageLayerFile } from '../../types/index.ts';
import { decompressed } from '../archive/compression.ts';
import type { LayerRecord } from '../records.ts';
import { toLayerFile, type LayerHeader } from './layer-file.ts';

/** As tar-stream hands entries out. */
type Entry = AsyncIterable<Uint8Array> & { readonly header: LayerHeader };

/** Where the bytes of layers are, and who unpacks them. */
export interface LayerReading {
  readonly path: string;
  readonly layer: LayerRecord;
  readonly snapshotter: Pick<Snapshotter, 'decompress'>;
  readonly signal: AbortSignal;
}

/** What a layer says of one path. */
export interface LayerEntry {
  readonly file: ImageLayerFile;
  /** To be read before the next entry comes; what is left of it passes by. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** What a layer says, one path after the other. */
export async function* layerEntries(reading: LayerReading): AsyncGenerator<LayerEntry, void, undefined> {
  const { path, layer, signal } = reading;
  const blob = createReadStream(path);
  const entries = tar.extract();
  const stop = new AbortController();
  const feeding = feed(blob, entries, { ...reading, signal: AbortSignal.any([signal, stop.signal]) });
  // Its failure ends the reading with the same error.
  feeding.catch(() => undefined);
  try {
    for await (const each of entries) {
      const entry = each as unknown as Entry;
      const taken: { isBegun: boolean } = { isBegun: false };
      const content = async function* () {
        taken.isBegun = true;
        yield* entry;
      };
      yield { file: toLayerFile(entry.header), content: content() };
      // The next entry comes only once this one has been read.
      if (!taken.isBegun) for await (const _ of entry);
    }
    await feeding;
  } catch (thrown) {
    signal.throwIfAborted();
    throw inWords(thrown, layer);
  } finally {
    stop.abort();
    blob.destroy();
  }
}

async function feed(
  blob: Readable,
  entries: tar.Extract,
  { snapshotter, signal }: LayerReading,
): Promise<void> {
  try {
    const archive = Readable.from(await decompressed(blob, snapshotter, signal));
    // tar-stream brings its own stream library, whose streams are made to work in Node's pipelines.
    await pipeline(archive, entries as unknown as NodeJS.WritableStream, { signal });
  } catch (thrown) {
    entries.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
    throw thrown;
  }
}

function inWords(thrown: unknown, { digest }: LayerRecord): EngineError {
  if (isEngineError(thrown, 'cancelled')) return thrown;
  const isMissing = errnoOf(thrown) === 'ENOENT';
  if (!isMissing && !isEngineError(thrown)) return toEngineError(thrown);
  return new EngineError('not-found', `A layer is missing on disk, or damaged: ${digest}.`, {
    detail: { step: 'content', path: digest },
    hint: 'Pull the image again.',
    cause: thrown,
  });
}
