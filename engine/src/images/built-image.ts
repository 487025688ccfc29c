import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { type ContentStore, digestOf } from '../content/index.ts';
import { EngineError } from '../errors/index.ts';
import type { EventBus } from '../events/index.ts';
import {
  chainIds,
  type Descriptor,
  type Digest,
  familiarReference,
  MEDIA_TYPES,
  parseDigest,
  parseImageConfig,
  parseReference,
} from '../oci/index.ts';
import type { Catalog } from './catalog.ts';
import type { Garbage } from './garbage.ts';
import { writeLayer } from './layer-writer.ts';
import { describeBytes, indexBytes, manifestBytes } from './manifest-document.ts';
import { newImageName } from './new-name.ts';
import { type ImageRecord, type LayerRecord, platformOf } from './records.ts';
import { preferred } from './siblings.ts';

/** An image of layers that are unpacked here already. */
export interface BuiltImageOrder {
  readonly config: Uint8Array;
  /** Lowest first. */
  readonly layers: readonly { readonly diffId: string; readonly usageBytes: number }[];
  /** A layer's archive, when no image has it as a blob. */
  readonly archiveOf: (chainId: string) => AsyncIterable<Uint8Array>;
  /** As a person writes them. */
  readonly references: readonly string[];
}

export interface JoinOrder {
  /** In the order of the index. */
  readonly ids: readonly string[];
  /** As a person writes them. */
  readonly references: readonly string[];
}

export interface StoredBuild {
  readonly id: string;
  /** Of the index, of several. */
  readonly manifestDigest: string;
  /** Familiar form. */
  readonly references: readonly string[];
}

export interface BuiltImageParts {
  readonly catalog: Catalog;
  readonly content: ContentStore;
  readonly garbage: Garbage;
  readonly events: EventBus;
}

/** Stores it and gives it its names. What is there already stays as it is. */
export async function storeBuiltImage(
  parts: BuiltImageParts,
  order: BuiltImageOrder,
  signal: AbortSignal,
): Promise<StoredBuild> {
  const { catalog, events } = parts;
  const references = order.references.map(newImageName);
  const id = digestOf(order.config);
  const known = catalog.get(id);
  const missing = missingNames(catalog, id, references);
  const store = async (): Promise<ImageRecord> => {
    const made = await make(parts, order, id, signal);
    await catalog.exclusive(() => catalog.add(made, missing[0] ?? null));
    return made;
  };
  const image = known ?? (await parts.garbage.uncollected(store, signal));
  const familiar = references.map(familiarName);
  if (known === undefined)
    events.publish({ type: 'image', action: 'create', id, reference: familiar[0] ?? '' });
  await giveNames(parts, image, missing);
  return { id, manifestDigest: image.manifest.digest, references: familiar };
}

/** Makes of several, each for a platform, one image with an index, and gives it its names. */
export async function joinBuiltImages(
  parts: BuiltImageParts,
  { ids, references: asked }: JoinOrder,
  signal: AbortSignal,
): Promise<StoredBuild> {
  const { catalog, content, garbage } = parts;
  const references = asked.map(newImageName);
  const images = [...new Set(ids)].flatMap((id) => catalog.get(parseDigest(id)) ?? []);
  const chosen = preferred(images, catalog.machine);
  if (chosen === undefined) throw new EngineError('internal', 'Images that were built are not here.');
  const members = images.map((image) => ({ manifest: image.manifest, platform: platformOf(image) }));
  const bytes = indexBytes(members);
  const manifests = members.map(({ manifest: { digest }, platform }) => ({ digest, platform }));
  const record = { ...describeBytes(MEDIA_TYPES.ociIndex, bytes), manifests };
  const join = async (): Promise<void> => {
    await content.put(record, bytes);
    await catalog.exclusive(async () => {
      for (const image of images) await catalog.add({ ...image, index: record }, null);
    });
  };
  await garbage.uncollected(join, signal);
  await giveNames(parts, { ...chosen, index: record }, missingNames(catalog, chosen.id, references));
  return { id: chosen.id, manifestDigest: record.digest, references: references.map(familiarName) };
}

function missingNames(catalog: Catalog, id: Digest, references: readonly string[]): readonly string[] {
  return references.filter((reference) => catalog.named(reference)?.id !== id);
}

/** Those that it has by now are left alone. */
async function giveNames(
  { catalog, events }: BuiltImageParts,
  image: ImageRecord,
  missing: readonly string[],
): Promise<void> {
  const { id } = image;
  await catalog.exclusive(async () => {
    for (const reference of missing) {
      if (catalog.named(reference)?.id !== id) await catalog.tag(image, reference);
    }
  });
  for (const reference of missing) {
    events.publish({ type: 'image', action: 'tag', id, reference: familiarName(reference) });
  }
}

function familiarName(reference: string): string {
  return familiarReference(parseReference(reference));
}

/** Its blobs; nothing holds them before its record is there. */
async function make(
  parts: BuiltImageParts,
  order: BuiltImageOrder,
  id: Digest,
  signal: AbortSignal,
): Promise<ImageRecord> {
  const { content } = parts;
  const diffIds = order.layers.map(({ diffId }) => parseDigest(diffId));
  const chain = chainIds(diffIds, digestOf);
  const layers: LayerRecord[] = [];
  for (const [index, { diffId, usageBytes }] of order.layers.entries()) {
    const chainId = chain[index];
    if (chainId === undefined) continue;
    const blob =
      knownBlob(parts.catalog, diffId) ??
      (await pack(parts.content, order.archiveOf(chainId), diffId, signal));
    layers.push({ ...blob, diffId: parseDigest(diffId), chainId, usageBytes });
  }
  const config: Descriptor = { mediaType: MEDIA_TYPES.ociConfig, digest: id, size: order.config.length };
  const manifest = manifestBytes(config, layers);
  const described = describeBytes(MEDIA_TYPES.ociManifest, manifest);
  await content.put(config, order.config);
  await content.put(described, manifest);
  const { platform, createdAt, run } = parseImageConfig(order.config);
  const facts = { platform, createdAt, labels: run.labels, repoDigests: [], removeWhenUnused: false };
  return { id, manifest: described, layers, ...facts };
}

/** Of a layer as it is stored, or sent. */
export type Blob = Pick<LayerRecord, 'digest' | 'size' | 'mediaType'>;

/** Null: no image has the layer. */
export function knownBlob(catalog: Catalog, diffId: string): Blob | null {
  for (const image of catalog.all()) {
    const layer = image.layers.find((each) => each.diffId === diffId);
    if (layer === undefined) continue;
    const isOci = layer.mediaType.startsWith('application/vnd.oci.');
    if (isOci) return { digest: layer.digest, size: layer.size, mediaType: layer.mediaType };
    return { digest: layer.digest, size: layer.size, mediaType: ociTypeOf(layer.mediaType) };
  }
  return null;
}

/** The same bytes under the name that OCI has for them: one manifest is of one family. */
function ociTypeOf(mediaType: string): string {
  if (mediaType.endsWith('zstd')) return MEDIA_TYPES.ociLayerZstd;
  return mediaType.endsWith('gzip') ? MEDIA_TYPES.ociLayerGzip : MEDIA_TYPES.ociLayer;
}

/** Stores an archive as a compressed blob; one that is not what its DiffID says is an internal failure. */
export async function pack(
  content: ContentStore,
  archive: AsyncIterable<Uint8Array>,
  diffId: string,
  signal: AbortSignal,
): Promise<Blob> {
  const path = content.temporaryPath(randomUUID());
  try {
    const written = await writeLayer(path, archive, signal);
    if (written.diffId !== diffId) {
      throw new EngineError('internal', `A layer reads as ${written.diffId}, and was made as ${diffId}.`);
    }
    await content.adopt(path, written.digest);
    return { digest: written.digest, size: written.size, mediaType: MEDIA_TYPES.ociLayerGzip };
  } finally {
    await rm(path, { force: true });
  }
}
