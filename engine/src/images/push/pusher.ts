import { createReadStream } from 'node:fs';
import type { ContentStore } from '../../content/index.ts';
import { EngineError } from '../../errors/index.ts';
import type { EventBus } from '../../events/index.ts';
import {
  type Descriptor,
  type Digest,
  familiarReference,
  formatReference,
  type Reference,
} from '../../oci/index.ts';
import type { BlobSource, Credentials, RegistryClient, Repository } from '../../registry/index.ts';
import { Slots } from '../../slots.ts';
import type { Platform, PushProgress } from '../../types/index.ts';
import type { Catalog } from '../catalog.ts';
import type { Garbage } from '../garbage.ts';
import { leaseOf, type Leases } from '../leases.ts';
import { findForPlatform, repoDigestOf } from '../lookup.ts';
import type { ImageRecord } from '../records.ts';
import { sideBySide } from '../../side-by-side.ts';
import { mountSources } from './mount-sources.ts';
import { readOutgoing, type Selection, selectToPush } from './outgoing.ts';
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
  /** The only one to push of an image for several; null: all that are here, if that is all. */
  readonly platform: Platform | null;
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
    const { catalog, content, garbage, leases } = this.parts;
    const { platform } = order;
    const selection: Selection =
      platform === null
        ? await selectToPush(catalog, content, image)
        : { images: [findForPlatform(catalog, { image, text: name }, platform)], index: null };
    const leased: Digest[] = [];
    try {
      for (const lease of selection.images.map(leaseOf)) {
        await garbage.protect(lease, signal);
        leased.push(lease.manifest);
      }
      return await this.send(order, selection, { signal, report });
    } finally {
      // A record holds the content, or nobody wants it any more.
      for (const manifest of leased) await leases.release(manifest, true);
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

  /** The document that speaks of the others goes last: what has a name in a registry is whole there. */
  private async send(
    order: PushOrder,
    selection: Selection,
    { signal, report }: PushContext,
  ): Promise<Pushed> {
    const { registry, content, catalog } = this.parts;
    const { reference } = order;
    const name = familiarReference(reference);
    const { blobs, manifests, top } = await readOutgoing(content, selection);
    const sources = mountSources(catalog.all(), reference, blobs);
    const all = [...new Set([...sources.values()].flat())];
    const access = { ...order, actions: 'pull,push', sources: all } as const;
    const repository = await registry.open(reference, access, signal);
    const table = new PushTable(blobs, (layers) => report({ stage: 'pushing', reference: name, layers }));
    await this.sendAll({ repository, blobs, table, sources, signal });
    for (const { descriptor, bytes } of manifests) {
      const { digest, mediaType } = descriptor;
      await repository.putManifest(digest, { bytes, mediaType }, signal);
    }
    const { digest, mediaType } = top.descriptor;
    await repository.putManifest(reference.tag ?? digest, { bytes: top.bytes, mediaType }, signal);
    await this.recordPush(reference, selection.images, digest);
    const sizeBytes = top.bytes.byteLength;
    return { stage: 'done', reference: name, manifestDigest: digest, layers: table.layers, sizeBytes };
  }

  /** What was pushed is known by the digest it has there. */
  private async recordPush(reference: Reference, images: Selection['images'], digest: Digest): Promise<void> {
    const { catalog, events } = this.parts;
    const repoDigests = [repoDigestOf(reference, digest)];
    await catalog.exclusive(async () => {
      for (const { id } of images) {
        const current = catalog.get(id);
        if (current !== undefined) await catalog.add({ ...current, repoDigests }, null);
      }
    });
    const [{ id }] = images;
    events.publish({ type: 'image', action: 'push', id, reference: familiarReference(reference) });
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
