import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../clock.ts';
import { isEngineError, toEngineError } from '../../errors/index.ts';
import type { EventBus } from '../../events/index.ts';
import { diskError } from '../../metadata/index.ts';
import { familiarReference, parseReference } from '../../oci/index.ts';
import type { CommittedImage } from '../../types/index.ts';
import { writeLayer } from '../layer-writer.ts';
import { leaseOf } from '../leases.ts';
import { findImage } from '../lookup.ts';
import { type MadeImageParts, storeMadeImage } from '../made-image.ts';
import { newImageName } from '../new-name.ts';
import type { ImageRecord } from '../records.ts';
import { applyChanges } from './changes.ts';
import { ConfigDocument } from './config-document.ts';
import type { RunConfigDocument } from '../../builds/dockerfile/index.ts';

const READ_BYTES = 1024 * 1024;

/** What an image is made of: another image, what differs from it, and what a container of it was told. */
export interface CommitOrder {
  readonly baseImageId: string;
  /** Over what the base image says. */
  readonly run: RunConfigDocument;
  /** A tar stream with whiteouts; not read before the rest of the order is known to be good. */
  readonly layer: AsyncIterable<Uint8Array>;
  /** As a person writes it; null: the image gets no name. */
  readonly reference: string | null;
  readonly message: string;
  readonly author: string;
  /** The command whose files these are. */
  readonly createdBy: string;
  readonly changes: readonly string[];
}

export interface CommitterParts extends MadeImageParts {
  readonly events: EventBus;
  readonly clock: Clock;
}

/** Makes images of containers' files. */
export class Committer {
  private readonly parts: CommitterParts;

  constructor(parts: CommitterParts) {
    this.parts = parts;
  }

  async commit(order: CommitOrder, signal: AbortSignal): Promise<CommittedImage> {
    const { catalog, content, garbage, leases } = this.parts;
    const reference = order.reference === null ? null : newImageName(order.reference);
    const { image: base } = findImage(catalog, order.baseImageId);
    // The container may go meanwhile, and its image with it.
    await garbage.protect(leaseOf(base), signal);
    try {
      const document = new ConfigDocument(await content.read(base.id));
      const run = applyChanges(document.runWith(order.run), order.changes);
      const image = await this.make({ order, base, document, run, reference }, signal);
      this.announce(image, reference);
      return { id: image.id, reference: reference === null ? null : familiar(reference) };
    } finally {
      await leases.release(base.manifest.digest, true);
    }
  }

  private async make(
    { order, base, document, run, reference }: Making,
    signal: AbortSignal,
  ): Promise<ImageRecord> {
    const { content, clock } = this.parts;
    const path = content.temporaryPath(randomUUID());
    const plain = content.temporaryPath(randomUUID());
    try {
      // A container may stand still until its files are read: compressing them comes later.
      await pipeline(order.layer, createWriteStream(plain, { flags: 'wx', mode: 0o600 }), { signal });
      const top = await writeLayer(path, createReadStream(plain, { highWaterMark: READ_BYTES }), signal);
      const createdAt = clock.now().toISOString();
      const config = document.committed(top.diffId, run, { ...order, createdAt });
      return await storeMadeImage(this.parts, { config, below: base.layers, top, path, reference }, signal);
    } catch (thrown) {
      throw isEngineError(thrown) ? thrown : toEngineError(diskError(thrown, path));
    } finally {
      await rm(path, { force: true });
      await rm(plain, { force: true });
    }
  }

  private announce({ id }: ImageRecord, reference: string | null): void {
    const { events } = this.parts;
    const name = reference === null ? '' : familiar(reference);
    events.publish({ type: 'image', action: 'create', id, reference: name });
    if (reference !== null) events.publish({ type: 'image', action: 'tag', id, reference: name });
  }
}

interface Making {
  readonly order: CommitOrder;
  readonly base: ImageRecord;
  readonly document: ConfigDocument;
  readonly run: RunConfigDocument;
  readonly reference: string | null;
}

function familiar(reference: string): string {
  return familiarReference(parseReference(reference));
}
