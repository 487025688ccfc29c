import { type ContentStore, digestOf } from '../content/index.ts';
import { chainIds, type Descriptor, type Digest, MEDIA_TYPES, parseImageConfig } from '../oci/index.ts';
import type { Snapshotter } from '../snapshots/index.ts';
import type { Catalog } from './catalog.ts';
import type { Garbage } from './garbage.ts';
import type { LayerFile } from './layer-writer.ts';
import type { Leases } from './leases.ts';
import { describeBytes, manifestBytes } from './manifest-document.ts';
import type { ImageRecord, LayerRecord } from './records.ts';
import { Watermark } from './watermark.ts';

export interface MadeImageParts {
  readonly catalog: Catalog;
  readonly leases: Leases;
  readonly garbage: Garbage;
  readonly content: ContentStore;
  readonly snapshotter: Snapshotter;
}

/** An image that was made on this machine: one new layer on those of another image, or on none. */
export interface MadeImage {
  readonly config: Uint8Array;
  /** Lowest first; unpacked already, and safe from the garbage collection. */
  readonly below: readonly LayerRecord[];
  readonly top: LayerFile;
  /** Where the new layer's bytes are; they become a blob. */
  readonly path: string;
  /** Full form; null: the image gets no name. */
  readonly reference: string | null;
}

/** The same bytes under the name that OCI has for them: one manifest is of one family. */
const OCI_TYPES: ReadonlyMap<string, string> = new Map([
  [MEDIA_TYPES.dockerLayer, MEDIA_TYPES.ociLayer],
  [MEDIA_TYPES.dockerLayerGzip, MEDIA_TYPES.ociLayerGzip],
  [MEDIA_TYPES.dockerLayerZstd, MEDIA_TYPES.ociLayerZstd],
]);

/** Stores a made image, unpacks its layer and gives it its name: from then on it is like any other. */
export async function storeMadeImage(
  parts: MadeImageParts,
  image: MadeImage,
  signal: AbortSignal,
): Promise<ImageRecord> {
  const { content, garbage, leases } = parts;
  const { config, below, top, path } = image;
  const configDescriptor = describeBytes(MEDIA_TYPES.ociConfig, config);
  const layers = [...below.map(inOciWords), { mediaType: MEDIA_TYPES.ociLayerGzip, ...layerOf(image) }];
  const manifest = manifestBytes(configDescriptor, layers);
  const manifestDescriptor = describeBytes(MEDIA_TYPES.ociManifest, manifest);
  const leased = {
    manifest: manifestDescriptor.digest,
    digests: [manifestDescriptor.digest, configDescriptor.digest, ...layers.map(({ digest }) => digest)],
    chainIds: layers.map(({ chainId }) => chainId),
  };
  await garbage.protect(leased, signal);
  let committed = false;
  try {
    await content.adopt(path, top.digest);
    await content.put(configDescriptor, config);
    await content.put(manifestDescriptor, manifest);
    const usageBytes = await unpackTop(parts, layers, signal);
    const record = recordOf(image, manifestDescriptor, configDescriptor.digest, layers, usageBytes);
    await parts.catalog.exclusive(() => parts.catalog.add(record, image.reference));
    committed = true;
    return record;
  } finally {
    // Nothing of it could be gone on with.
    await leases.release(manifestDescriptor.digest, true);
    if (!committed) await garbage.collectAfterFailure();
  }
}

type StackedLayer = Omit<LayerRecord, 'usageBytes'>;

function inOciWords({ usageBytes: _, ...layer }: LayerRecord): StackedLayer {
  return { ...layer, mediaType: OCI_TYPES.get(layer.mediaType) ?? layer.mediaType };
}

function layerOf({ below, top }: MadeImage): Omit<StackedLayer, 'mediaType'> {
  const { digest, size, diffId } = top;
  const chainId = chainIds([...below.map((layer) => layer.diffId), diffId], digestOf).at(-1) ?? diffId;
  return { digest, size, diffId, chainId };
}

async function unpackTop(
  { content, snapshotter }: MadeImageParts,
  layers: readonly StackedLayer[],
  signal: AbortSignal,
): Promise<number> {
  const top = layers.at(-1);
  if (top === undefined) return 0;
  const parentChainId = layers.at(-2)?.chainId ?? null;
  const stored = new Watermark(top.size);
  stored.end();
  const source = { ...top, parentChainId, path: content.pathOf(top.digest) };
  return (await snapshotter.unpack(source, stored, { signal })).usageBytes;
}

function recordOf(
  { config, below }: MadeImage,
  manifest: Descriptor,
  id: Digest,
  layers: readonly StackedLayer[],
  topUsageBytes: number,
): ImageRecord {
  const { platform, createdAt, run } = parseImageConfig(config);
  return {
    id,
    manifest,
    platform,
    repoDigests: [],
    layers: layers.map((layer, index) => ({
      ...layer,
      usageBytes: below[index]?.usageBytes ?? topUsageBytes,
    })),
    createdAt,
    labels: run.labels,
    removeWhenUnused: false,
  };
}
