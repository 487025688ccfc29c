import { randomUUID } from 'node:crypto';
import { isEngineError, toEngineError } from '../../errors/index.ts';
import type { EventBus } from '../../events/index.ts';
import { diskError } from '../../metadata/index.ts';
import { familiarReference, parseReference } from '../../oci/index.ts';
import type { LoadProgress, Platform } from '../../types/index.ts';
import type { ImageRecord } from '../records.ts';
import { representativeOf } from '../siblings.ts';
import type { ArchivedImage } from './archived-image.ts';
import { readImages } from './read-images.ts';
import { receiveArchive } from './receive.ts';
import { ReceivedFiles } from './received-files.ts';
import { storeImages, type StoreParts } from './store-images.ts';

export interface LoaderParts extends StoreParts {
  readonly events: EventBus;
  /** Of the machine that runs the containers. */
  readonly platform: Platform;
}

export interface LoadContext {
  readonly signal: AbortSignal;
  readonly report: (progress: LoadProgress) => void;
}

export interface Loaded {
  readonly image: ImageRecord;
  /** Familiar forms. */
  readonly references: readonly string[];
}

/**
 * Takes images out of an archive. Its files wait in the ingest folder until all of it is there and known to be good;
 * whatever goes wrong, they are gone afterwards.
 */
export async function loadImages(
  parts: LoaderParts,
  bytes: AsyncIterable<Uint8Array>,
  platform: Platform | null,
  { signal, report }: LoadContext,
): Promise<readonly Loaded[]> {
  const { content, snapshotter } = parts;
  const directory = content.temporaryPath(randomUUID());
  try {
    await using files = await ReceivedFiles.open(directory);
    let receivedBytes = 0;
    const onBytes = (count: number): void => {
      receivedBytes += count;
      report({ stage: 'receiving', receivedBytes });
    };
    await receiveArchive(files, bytes, { content, snapshotter, signal, onBytes });
    const images = await readImages(files, { platform, machine: parts.platform });
    const records = await storeImages(parts, images, {
      signal,
      report: (image, layers) => report({ stage: 'unpacking', image: titleOf(image), layers }),
    });
    return images.flatMap((image, index) => {
      const record = records[index];
      if (record === undefined) return [];
      const { id } = representativeOf(parts.catalog, record);
      const comesWithOther = id !== record.id && records.some((other) => other.id === id);
      return comesWithOther ? [] : [announce(parts.events, image, record)];
    });
  } catch (thrown) {
    throw isEngineError(thrown) ? thrown : toEngineError(diskError(thrown, directory));
  }
}

function announce(events: EventBus, { references: names }: ArchivedImage, image: ImageRecord): Loaded {
  const references = names.map(familiar);
  events.publish({ type: 'image', action: 'load', id: image.id, reference: references[0] ?? image.id });
  for (const reference of references) {
    events.publish({ type: 'image', action: 'tag', id: image.id, reference });
  }
  return { image, references };
}

function titleOf({ references: [name], configDescriptor }: ArchivedImage): string {
  return name === undefined ? configDescriptor.digest : familiar(name);
}

function familiar(reference: string): string {
  return familiarReference(parseReference(reference));
}
