import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Clock } from '../../clock.ts';
import { isEngineError, toEngineError } from '../../errors/index.ts';
import type { EventBus } from '../../events/index.ts';
import { diskError } from '../../metadata/index.ts';
import { familiarReference, parseReference } from '../../oci/index.ts';
import type { ImportProgress, Platform } from '../../types/index.ts';
import { applyChanges } from '../commit/changes.ts';
import { type LayerFile, writeLayer } from '../layer-writer.ts';
import { type MadeImageParts, storeMadeImage } from '../made-image.ts';
import type { ImageRecord } from '../records.ts';
import { decompressed } from './compression.ts';
import { counted } from './receive.ts';

/** An image of one layer, from a root file system. */
export interface ImportOrder {
  /** Full form; null: the image gets no name. */
  readonly reference: string | null;
  readonly message: string;
  readonly changes: readonly string[];
  readonly platform: Platform;
}

export interface ImporterParts extends MadeImageParts {
  readonly events: EventBus;
  readonly clock: Clock;
}

export interface ImportContext {
  readonly signal: AbortSignal;
  readonly report: (progress: ImportProgress) => void;
}

/** The stream becomes the layer as it is; that it is a tar stream is up to the agent, which unpacks it. */
export async function importImage(
  parts: ImporterParts,
  bytes: AsyncIterable<Uint8Array>,
  order: ImportOrder,
  { signal, report }: ImportContext,
): Promise<ImageRecord> {
  const { content, events, clock } = parts;
  const { reference, changes, message, platform } = order;
  const run = applyChanges({}, changes);
  const path = content.temporaryPath(randomUUID());
  try {
    let receivedBytes = 0;
    const archive = counted(bytes, (count) => {
      receivedBytes += count;
      report({ stage: 'receiving', receivedBytes });
    });
    const top = await writeLayer(path, await decompressed(archive, parts.snapshotter, signal), signal);
    // A caller that leaves ends its bytes, which may look like the end of the archive.
    signal.throwIfAborted();
    report({ stage: 'unpacking' });
    const createdAt = clock.now().toISOString();
    const config = configBytes({ top, run, message, platform, createdAt });
    const image = await storeMadeImage(parts, { config, below: [], top, path, reference }, signal);
    announce(events, image, reference);
    return image;
  } catch (thrown) {
    throw isEngineError(thrown) ? thrown : toEngineError(diskError(thrown, path));
  } finally {
    await rm(path, { force: true });
  }
}

interface ConfigParts extends Pick<ImportOrder, 'message' | 'platform'> {
  readonly top: LayerFile;
  readonly run: object;
  readonly createdAt: string;
}

function configBytes({ top, run, message, platform, createdAt }: ConfigParts): Uint8Array {
  const document = {
    created: createdAt,
    ...platform,
    config: run,
    rootfs: { type: 'layers', diff_ids: [top.diffId] },
    history: [{ created: createdAt, comment: message === '' ? 'Imported from -' : message }],
  };
  return new TextEncoder().encode(JSON.stringify(document));
}

function announce(events: EventBus, { id }: ImageRecord, reference: string | null): void {
  const name = reference === null ? null : familiarReference(parseReference(reference));
  events.publish({ type: 'image', action: 'import', id, reference: name ?? id });
  if (name !== null) events.publish({ type: 'image', action: 'tag', id, reference: name });
}
