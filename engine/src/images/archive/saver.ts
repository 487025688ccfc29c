import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { ContentStore } from '../../content/index.ts';
import { EngineError } from '../../errors/index.ts';
import type { EventBus } from '../../events/index.ts';
import type { Descriptor, Digest } from '../../oci/index.ts';
import type { Platform } from '../../types/index.ts';
import { attestedContent } from '../attestations.ts';
import type { Catalog } from '../catalog.ts';
import type { Garbage } from '../garbage.ts';
import { leaseOf, type Leases } from '../leases.ts';
import {
  blobName,
  dockerDocument,
  indexDocument,
  LAYOUT_DOCUMENT,
  repositoriesDocument,
} from './save-documents.ts';
import { type SelectedImage, selectImages } from './selection.ts';
import { tarEnd, tarHeader, tarPadding } from './tar-header.ts';

export interface SaverParts {
  readonly catalog: Catalog;
  readonly content: ContentStore;
  readonly garbage: Garbage;
  readonly leases: Leases;
  readonly events: EventBus;
}

export interface SaveOrder {
  /** As a person writes them. */
  readonly images: readonly string[];
  readonly platform: Platform | null;
}

/**
 * Images as one archive, piece by piece as it is read. It is an OCI image layout and a Docker archive at once, with
 * layers as they were pulled, each once. While it is read, nothing of them is removed.
 */
export async function* saveImages(
  parts: SaverParts,
  { images: words, platform }: SaveOrder,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { catalog, garbage, leases, events } = parts;
  const selected = selectImages(catalog, words, platform);
  const leased: Digest[] = [];
  try {
    for (const image of selected.flatMap(({ image: one, siblings }) => [one, ...siblings])) {
      await garbage.protect(leaseOf(image), signal);
      leased.push(image.manifest.digest);
    }
    yield* archiveOf(parts.content, selected, signal);
    for (const { image, references } of selected) {
      events.publish({ type: 'image', action: 'save', id: image.id, reference: references[0] ?? image.id });
    }
  } finally {
    for (const digest of leased) await leases.release(digest, true);
  }
}

async function* archiveOf(
  content: ContentStore,
  selected: readonly SelectedImage[],
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* document('oci-layout', LAYOUT_DOCUMENT);
  yield* document('index.json', indexDocument(selected));
  yield* document('manifest.json', dockerDocument(selected));
  const repositories = repositoriesDocument(selected);
  if (repositories !== null) yield* document('repositories', repositories);
  yield tarHeader({ name: 'blobs/', type: 'directory', size: 0 });
  yield tarHeader({ name: 'blobs/sha256/', type: 'directory', size: 0 });
  for (const blob of await blobsOf(content, selected)) yield* fileOf(content, blob, signal);
  yield tarEnd();
}

function* document(name: string, text: string): Generator<Uint8Array, void, undefined> {
  const bytes = new TextEncoder().encode(text);
  yield tarHeader({ name, type: 'file', size: bytes.byteLength });
  yield bytes;
  yield* tarPadding(bytes.byteLength);
}

type Blob = Pick<Descriptor, 'digest' | 'size'>;

/** Each once, documents of an image before its layers. */
async function blobsOf(content: ContentStore, selected: readonly SelectedImage[]): Promise<readonly Blob[]> {
  const blobs = new Map<Digest, Blob>();
  for (const { image, siblings, index } of selected) {
    if (index !== null) blobs.set(index.digest, index);
    for (const one of [image, ...siblings]) {
      const config = { digest: one.id, size: await content.sizeOf(one.id) };
      const attested = index === null ? [] : attestedContent(one.attestations);
      for (const blob of [one.manifest, config, ...one.layers, ...attested]) blobs.set(blob.digest, blob);
    }
  }
  return [...blobs.values()];
}

/** Hashed once more on the way: wrong bytes end the archive before it could be taken for a whole one. */
async function* fileOf(
  content: ContentStore,
  { digest, size }: Blob,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (!(await content.has({ digest, size }))) throw damaged(digest);
  yield tarHeader({ name: blobName(digest), type: 'file', size });
  const hash = createHash('sha256');
  let read = 0;
  for await (const chunk of createReadStream(content.pathOf(digest), { signal })) {
    const bytes = chunk as Uint8Array;
    hash.update(bytes);
    read += bytes.byteLength;
    yield bytes;
  }
  if (read !== size || `sha256:${hash.digest('hex')}` !== digest) throw damaged(digest);
  yield* tarPadding(size);
}

function damaged(digest: Digest): EngineError {
  return new EngineError('not-found', `A part of the image is missing on disk, or damaged: ${digest}.`, {
    detail: { step: 'content', path: digest },
    hint: 'Pull the image again.',
  });
}
