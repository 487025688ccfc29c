import { open } from 'node:fs/promises';
import { z } from 'zod';
import {
  canRun,
  type Descriptor,
  type Digest,
  digestHex,
  type ImageConfig,
  type Manifest,
  MAX_CONFIG_BYTES,
  MAX_MANIFEST_BYTES,
  MEDIA_TYPES,
  parseDocument,
  parseImageConfig,
} from '../../oci/index.ts';
import { layersOf } from '../layers.ts';
import { describeBytes, manifestBytes } from '../manifest-document.ts';
import type { ArchivedImage } from './archived-image.ts';
import { archivedName } from './archived-name.ts';
import { compressionOf, HEAD_BYTES } from './compression.ts';
import { badArchive, notFor } from './problems.ts';
import type { ReadOptions } from './read-layout.ts';
import type { ReceivedFile, ReceivedFiles } from './received-files.ts';

const MAX_IMAGES = 10_000;
const MAX_LAYERS = 500;

/** `manifest.json` as `docker save` writes it; what else it has is for other readers. */
const manifestSchema = z
  .array(
    z.object({
      Config: z.string().min(1),
      RepoTags: z.array(z.string()).nullish(),
      Layers: z.array(z.string().min(1)).max(MAX_LAYERS).nullish(),
    }),
  )
  .max(MAX_IMAGES);

type Item = z.infer<typeof manifestSchema>[number];

/** Packed layers are kept as they are. */
const LAYER_TYPES: Readonly<Record<string, string>> = {
  none: MEDIA_TYPES.ociLayer,
  gzip: MEDIA_TYPES.ociLayerGzip,
  zstd: MEDIA_TYPES.ociLayerZstd,
};

/** The configs that a Docker archive names, without looking at anything else. */
export async function dockerConfigs(
  files: ReceivedFiles,
  manifestFile: ReceivedFile,
): Promise<readonly Digest[]> {
  const items = await readItems(files, manifestFile);
  return items.map((item) => configOf(files, item).digest);
}

/**
 * The images of a Docker archive, by its manifest.json. It has configs and layers, and no manifests of the kind that
 * registries have: those are written here.
 */
export async function readDockerArchive(
  files: ReceivedFiles,
  manifestFile: ReceivedFile,
  options: ReadOptions,
): Promise<readonly ArchivedImage[]> {
  const items = await readItems(files, manifestFile);
  const images: ArchivedImage[] = [];
  for (const item of items) images.push(await readImage(files, item, options));
  return images;
}

async function readItems(files: ReceivedFiles, file: ReceivedFile): Promise<readonly Item[]> {
  const bytes = await files.read(file, 'manifest.json', MAX_MANIFEST_BYTES);
  return parseDocument(bytes, manifestSchema, 'image manifest', MAX_MANIFEST_BYTES);
}

async function readImage(
  files: ReceivedFiles,
  item: Item,
  { platform }: ReadOptions,
): Promise<ArchivedImage> {
  const configBytes = await files.read(configOf(files, item), 'config', MAX_CONFIG_BYTES);
  const config = parseImageConfig(configBytes);
  if (platform !== null && !canRun(platform, config.platform)) throw notFor(platform, [config.platform]);
  const configDescriptor = describeBytes(MEDIA_TYPES.ociConfig, configBytes);
  const found = await layerFiles(files, item, config);
  const manifest: Manifest = {
    kind: 'manifest',
    mediaType: MEDIA_TYPES.ociManifest,
    config: configDescriptor,
    layers: found.map(({ descriptor }) => descriptor),
  };
  const bytes = manifestBytes(configDescriptor, manifest.layers);
  return {
    manifest: describeBytes(manifest.mediaType, bytes),
    manifestBytes: bytes,
    configDescriptor,
    configBytes,
    config,
    layers: layersOf(manifest, config).flatMap((layer, index) => {
      const file = found[index]?.file;
      return file === undefined ? [] : [{ ...layer, file }];
    }),
    index: null,
    attestations: [],
    references: (item.RepoTags ?? []).flatMap(archivedName),
  };
}

/** A config whose name tells its digest has to have it. */
function configOf(files: ReceivedFiles, { Config }: Item): ReceivedFile {
  const file = files.find(Config);
  if (file === null) throw badArchive('content', `a part is missing: ${Config.slice(0, 200)}`, Config);
  const named = /[a-f0-9]{64}/.exec(Config)?.[0];
  if (named !== undefined && named !== digestHex(file.digest)) {
    throw badArchive('digest', `${Config} has other bytes than its name says`, Config);
  }
  return file;
}

async function layerFiles(
  files: ReceivedFiles,
  { Layers }: Item,
  config: ImageConfig,
): Promise<readonly { readonly file: ReceivedFile; readonly descriptor: Descriptor }[]> {
  const found = [];
  for (const [index, name] of (Layers ?? []).entries()) {
    const file = files.find(name);
    if (file === null) throw badArchive('content', `a part is missing: ${name.slice(0, 200)}`, name);
    const mediaType = await layerType(file, name);
    // Bytes that are not packed are the tar stream itself.
    if (mediaType === MEDIA_TYPES.ociLayer && file.digest !== config.diffIds[index]) {
      throw badArchive('diff-id', `${name} is not the layer that its config says`, name);
    }
    found.push({ file, descriptor: { mediaType, digest: file.digest, size: file.size } });
  }
  return found;
}

async function layerType({ path }: ReceivedFile, name: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const compression = compressionOf(buffer.subarray(0, bytesRead));
    const mediaType = LAYER_TYPES[compression];
    if (mediaType !== undefined) return mediaType;
    throw badArchive('decompress', `a layer is packed by ${compression}, which no image may be`, name);
  } finally {
    await file.close();
  }
}
