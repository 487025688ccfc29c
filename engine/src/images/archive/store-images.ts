import { open } from 'node:fs/promises';
import type { ContentStore } from '../../content/index.ts';
import { diskError } from '../../metadata/index.ts';
import { Slots } from '../../slots.ts';
import type { Snapshotter } from '../../snapshots/index.ts';
import type { LayerProgress } from '../../types/index.ts';
import { attestedContent } from '../attestations.ts';
import type { Catalog } from '../catalog.ts';
import type { Garbage } from '../garbage.ts';
import { toLayerRecord } from '../layers.ts';
import type { Leases } from '../leases.ts';
import { LayerTable } from '../pull-progress.ts';
import type { AttestationRecord, ImageRecord, LayerRecord } from '../records.ts';
import { sideBySide } from '../../side-by-side.ts';
import { Watermark } from '../watermark.ts';
import type { ArchivedBlob, ArchivedImage, ArchivedLayer } from './archived-image.ts';

export interface StoreParts {
  readonly catalog: Catalog;
  readonly leases: Leases;
  readonly garbage: Garbage;
  readonly content: ContentStore;
  readonly snapshotter: Snapshotter;
}

export interface StoreContext {
  readonly signal: AbortSignal;
  readonly report: (image: ArchivedImage, layers: readonly LayerProgress[]) => void;
}

/** More at once would only make each slower. */
const CONCURRENT_LAYERS = 4;

/**
 * Unpacks the layers of images and gives the images their names: all of them, or none, and then nothing of them stays.
 * The agent verifies each layer once more.
 */
export async function storeImages(
  parts: StoreParts,
  images: readonly ArchivedImage[],
  context: StoreContext,
): Promise<readonly ImageRecord[]> {
  const leased: ArchivedImage[] = [];
  let stored = false;
  try {
    for (const image of images) {
      await parts.garbage.protect(contentOf(parts.catalog, image), context.signal);
      leased.push(image);
    }
    const records: ImageRecord[] = [];
    for (const image of images) records.push(await storeOne(parts, image, context));
    await nameAll(parts.catalog, images, records);
    stored = true;
    return records;
  } finally {
    for (const { manifest } of leased) await parts.leases.release(manifest.digest, true);
    if (!stored) await parts.garbage.collectAfterFailure();
  }
}

/** With that of the image as it is here already. */
function contentOf(catalog: Catalog, image: ArchivedImage) {
  const { index, attestations, manifest, configDescriptor, layers } = image;
  const known = catalog.get(configDescriptor.digest);
  const all = [...layers, ...(known?.layers ?? [])];
  const attested = attestedContent(attestations);
  return {
    manifest: manifest.digest,
    digests: [
      ...(index === null ? [] : [index.record.digest]),
      manifest.digest,
      configDescriptor.digest,
      ...(known === undefined ? [] : [known.manifest.digest]),
      ...[...all, ...attested].map(({ digest }) => digest),
    ],
    chainIds: all.map(({ chainId }) => chainId),
  };
}

/** An image that is here whole stays as it is: its registry knows it by the manifest that it came with. */
async function storeOne(
  parts: StoreParts,
  image: ArchivedImage,
  context: StoreContext,
): Promise<ImageRecord> {
  const known = parts.catalog.get(image.configDescriptor.digest);
  const { content } = parts;
  const { config, configDescriptor, manifest } = image;
  const origin = await storeOrigin(content, image);
  if (known !== undefined && (await isWhole(content, known))) return { ...known, ...origin };
  for (const layer of image.layers) await adopt(content, layer);
  await content.put(configDescriptor, image.configBytes);
  await content.put(manifest, image.manifestBytes);
  const layers = await unpackAll(parts, image, context);
  return {
    id: configDescriptor.digest,
    manifest,
    platform: config.platform,
    ...origin,
    repoDigests: [],
    layers: [...layers],
    createdAt: config.createdAt,
    labels: config.run.labels,
    removeWhenUnused: false,
  };
}

/** What it came in, and what that says of it. */
async function storeOrigin(
  content: ContentStore,
  { index, attestations }: ArchivedImage,
): Promise<Pick<ImageRecord, 'index' | 'attestations'>> {
  if (index === null) return {};
  await content.put(index.record, index.bytes);
  const records: AttestationRecord[] = [];
  for (const { manifest, bytes, blobs } of attestations) {
    for (const blob of blobs) await adopt(content, blob);
    await content.put(manifest, bytes);
    records.push({
      manifest,
      blobs: blobs.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
    });
  }
  return { index: index.record, ...(records.length > 0 && { attestations: records }) };
}

async function isWhole(content: ContentStore, { manifest, layers }: ImageRecord): Promise<boolean> {
  for (const blob of [manifest, ...layers]) if (!(await content.has(blob))) return false;
  return true;
}

/** The file becomes a blob, whose bytes have been hashed; on disk for good before it does. */
async function adopt(content: ContentStore, blob: ArchivedBlob): Promise<void> {
  if (await content.has(blob)) return;
  const { path } = blob.file;
  try {
    const file = await open(path, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await content.adopt(path, blob.digest);
  } catch (thrown) {
    throw diskError(thrown, path);
  }
}

async function unpackAll(
  { content, snapshotter }: StoreParts,
  image: ArchivedImage,
  { signal, report }: StoreContext,
): Promise<readonly LayerRecord[]> {
  const slots = new Slots(CONCURRENT_LAYERS);
  const table = new LayerTable(image.layers, (layers) => report(image, layers));
  // Lowest first: a layer never waits for one that gets its slot later.
  const unpack = (layer: ArchivedLayer, index: number, stop: AbortSignal): Promise<LayerRecord> =>
    slots.run(async () => {
      const stored = new Watermark(layer.size);
      stored.end();
      table.update(index, { stage: 'unpacking', downloadedBytes: layer.size });
      const source = { ...layer, path: content.pathOf(layer.digest) };
      const { existed, usageBytes } = await snapshotter.unpack(source, stored, {
        signal: stop,
        onProgress: (unpackedBytes) => table.update(index, { unpackedBytes }),
      });
      table.finish(index, existed ? 'exists' : 'done');
      return toLayerRecord(layer, usageBytes);
    }, stop);
  return sideBySide(image.layers, unpack, signal);
}

/** In one step: whoever looks sees all of them, or none. */
async function nameAll(
  catalog: Catalog,
  images: readonly ArchivedImage[],
  records: readonly ImageRecord[],
): Promise<void> {
  await catalog.exclusive(async () => {
    for (const [index, record] of records.entries()) {
      const references = images[index]?.references ?? [];
      for (const reference of references.length > 0 ? references : [null]) {
        const { index: origin, attestations } = record;
        const current = catalog.get(record.id) ?? record;
        const told = {
          ...(origin !== undefined && { index: origin }),
          ...(attestations !== undefined && { attestations }),
        };
        await catalog.add({ ...current, ...told }, reference);
      }
    }
  });
}
