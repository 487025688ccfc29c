import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import { EngineError, isEngineError, toEngineError } from '../../errors/index.ts';
import { errnoOf } from '../../metadata/index.ts';
import { MEDIA_TYPES } from '../../oci/index.ts';
import type { ImageLayerFile } from '../../types/index.ts';
import { decompressed } from '../archive/compression.ts';
import type { LayerRecord } from '../records.ts';
import { toLayerFile, type LayerHeader } from './layer-file.ts';

/** As tar-stream hands entries out. */
type Entry = AsyncIterable<Uint8Array> & { readonly header: LayerHeader };

/** What a layer says, one path after the other; its bytes pass by and are not kept. */
export async function* layerEntries(
  path: string,
  layer: LayerRecord,
  signal: AbortSignal,
): AsyncGenerator<ImageLayerFile, void, undefined> {
  refuseZstd(layer);
  const blob = createReadStream(path);
  const entries = tar.extract();
  const stop = new AbortController();
  const feeding = feed(blob, entries, AbortSignal.any([signal, stop.signal]));
  // Its failure ends the reading with the same error.
  feeding.catch(() => undefined);
  try {
    for await (const entry of entries) {
      const { header } = entry as unknown as Entry;
      yield toLayerFile(header);
      // The next entry comes only once this one has been read.
      for await (const _ of entry);
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

async function feed(blob: Readable, entries: tar.Extract, signal: AbortSignal): Promise<void> {
  try {
    const archive = Readable.from(await decompressed(blob, signal));
    // tar-stream brings its own stream library, whose streams are made to work in Node's pipelines.
    await pipeline(archive, entries as unknown as NodeJS.WritableStream, { signal });
  } catch (thrown) {
    entries.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
    throw thrown;
  }
}

function refuseZstd({ mediaType, digest }: LayerRecord): void {
  if (mediaType !== MEDIA_TYPES.ociLayerZstd && mediaType !== MEDIA_TYPES.dockerLayerZstd) return;
  throw new EngineError('not-implemented', 'The files of a layer that is packed by zstd are not listed.', {
    detail: { step: 'decompress', path: digest },
    hint: 'A container of the image has them: longshore export lists them all.',
  });
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
