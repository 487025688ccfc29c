import { createReadStream } from 'node:fs';
import type { ContentStore } from '../../content/index.ts';
import { EngineError } from '../../errors/index.ts';
import type { EventBus } from '../../events/index.ts';
import {
  type Descriptor,
  familiarReference,
  formatReference,
  type Manifest,
  parseManifest,
  type Reference,
} from '../../oci/index.ts';
import type { BlobSource, Credentials, RegistryClient, Repository } from '../../registry/index.ts';
import { Slots } from '../../slots.ts';
import type { PushProgress } from '../../types/index.ts';
import type { Catalog } from '../catalog.ts';
import type { Garbage } from '../garbage.ts';
import { invalidImage } from '../layers.ts';
import { leaseOf, type Leases } from '../leases.ts';
import { repoDigestOf } from '../lookup.ts';
import type { ImageRecord } from '../records.ts';
import { sideBySide } from '../side-by-side.ts';
import { mountSources } from './mount-sources.ts';
import { PushTable } from './push-progress.ts';

export interface PusherParts {
  readonly registry: RegistryClient;
  readonly content: ContentStore;
  readonly catalog: Catalog;
  readonly garbage: Garbage;
  readonly leases: Leases;
  readonly events: EventBus;
}

export interface PushOrder {
  /** With tag. */
  readonly reference: Reference;
  readonly insecure: boolean;
  readonly credentials?: Credentials | undefined;
}

export interface PushContext {
  readonly signal: AbortSignal;
  readonly report: (progress: PushProgress) => void;
}

type Pushed = Extract<PushProgress, { readonly stage: 'done' }>;

/** One push under way, once its registry has answered. */
interface ImagePush {
  readonly repository: Repository;
  /** Lowest layer first, the config last. */
  readonly blobs: readonly Descriptor[];
  readonly table: PushTable;
  readonly sources: ReadonlyMap<string, readonly string[]>;
  readonly signal: AbortSignal;
}

const CONCURRENT_UPLOADS = 4;

/**
 * Brings images to registries: exactly the bytes that were pulled or made, so that the digest stays. Blobs go side by
 * side, those that are there already not at all, and the manifest last.
 */
export class Pusher {
  private readonly parts: PusherParts;
  private readonly slots = new Slots(CONCURRENT_UPLOADS);

  constructor(parts: PusherParts) {
    this.parts = parts;
  }

  async push(order: PushOrder, { signal, report }: PushContext): Promise<Pushed> {
    const name = familiarReference(order.reference);
    report({ stage: 'preparing', reference: name });
    const image = this.find(order.reference);
    const lease = leaseOf(image);
    await this.parts.garbage.protect(lease, signal);
    try {
      return await this.send(order, image, { signal, report });
    } finally {
      // A record holds the content, or nobody wants it any more.
      await this.parts.leases.release(lease.manifest, true);
    }
  }

  private find(reference: Reference): ImageRecord {
    const image = this.parts.catalog.named(formatReference(reference));
    if (image !== undefined) return image;
    const name = familiarReference(reference);
    throw new EngineError('not-found', `There is no image ${name} here.`, {
      detail: { step: 'image', path: name },
      hint: `Give an image this name first: longshore tag IMAGE ${name}`,
    });
  }

  private async send(order: PushOrder, image: ImageRecord, { signal, report }: PushContext): Promise<Pushed> {
    const { registry, content, catalog, events } = this.parts;
    const { reference } = order;
    const name = familiarReference(reference);
    const manifestBytes = await content.read(image.manifest.digest);
    const blobs = blobsOf(manifestBytes, image);
    const sources = mountSources(catalog.all(), reference, blobs);
    const all = [...new Set([...sources.values()].flat())];
    const access = { ...order, actions: 'pull,push', sources: all } as const;
    const repository = await registry.open(reference, access, signal);
    const table = new PushTable(blobs, (layers) => report({ stage: 'pushing', reference: name, layers }));
    await this.sendAll({ repository, blobs, table, sources, signal });
    const { mediaType, digest } = image.manifest;
    await repository.putManifest(reference.tag ?? digest, { bytes: manifestBytes, mediaType }, signal);
    await catalog.exclusive(async () => {
      const current = catalog.get(image.id);
      const repoDigests = [repoDigestOf(reference, digest)];
      if (current !== undefined) await catalog.add({ ...current, repoDigests }, null);
    });
    events.publish({ type: 'image', action: 'push', id: image.id, reference: name });
    const sizeBytes = manifestBytes.byteLength;
    return { stage: 'done', reference: name, manifestDigest: digest, layers: table.layers, sizeBytes };
  }

  private async sendAll(push: ImagePush): Promise<void> {
    await sideBySide(
      push.blobs,
      (blob, index, signal) => this.slots.run(() => this.sendOne({ ...push, signal }, blob, index), signal),
      push.signal,
    );
  }

  private async sendOne(
    { repository, table, sources, signal }: ImagePush,
    blob: Descriptor,
    index: number,
  ): Promise<void> {
    if (await repository.hasBlob(blob.digest, signal)) {
      table.finish(index, 'exists');
      return;
    }
    const outcome = await repository.upload(blob, this.sourceOf(blob), {
      sources: sources.get(blob.digest) ?? [],
      signal,
      onProgress: (sentBytes) => table.update(index, { stage: 'pushing', sentBytes }),
    });
    table.finish(index, outcome === 'mounted' ? 'mounted' : 'pushed');
  }

  private sourceOf({ digest }: Descriptor): BlobSource {
    const path = this.parts.content.pathOf(digest);
    // The stream's end is inclusive.
    return (start, end) => createReadStream(path, { start, end: end - 1 }) as AsyncIterable<Uint8Array>;
  }
}

function blobsOf(manifestBytes: Uint8Array, image: ImageRecord): readonly Descriptor[] {
  const manifest: Manifest | { readonly kind: 'index' } = parseManifest(
    manifestBytes,
    image.manifest.mediaType,
  );
  if (manifest.kind === 'index') throw invalidImage('manifest', 'it is an index');
  const blobs = [...manifest.layers, manifest.config];
  return [...new Map(blobs.map((blob) => [blob.digest, blob])).values()];
}
