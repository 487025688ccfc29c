import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';
import { digestOf } from '../../content/index.ts';
import { type Descriptor, type Digest, MEDIA_TYPES } from '../../oci/index.ts';
import type { Platform } from '../../types/index.ts';

/** A document or blob as a registry stores it. */
export interface StoredBytes extends Descriptor {
  readonly bytes: Uint8Array;
}

export interface TestLayer extends StoredBytes {
  readonly diffId: Digest;
}

export interface TestImage {
  readonly manifest: StoredBytes;
  readonly config: StoredBytes;
  readonly layers: readonly TestLayer[];
  readonly platform: Platform;
}

/** Path to text; a path that ends in a slash is a folder. */
export type LayerFiles = Readonly<Record<string, string | Uint8Array>>;

export interface TestImageOptions {
  /** Lowest first. */
  readonly layers: readonly LayerFiles[];
  readonly platform?: Platform;
  /** Fields of the config's `config`. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly created?: string;
  /** Which of the two families of media types. */
  readonly format?: 'oci' | 'docker';
  /** Changes the documents before they are hashed. */
  readonly editManifest?: (manifest: Record<string, unknown>) => Record<string, unknown>;
  readonly editConfig?: (config: Record<string, unknown>) => Record<string, unknown>;
}

const TYPES = {
  oci: {
    manifest: MEDIA_TYPES.ociManifest,
    config: MEDIA_TYPES.ociConfig,
    layer: MEDIA_TYPES.ociLayerGzip,
    index: MEDIA_TYPES.ociIndex,
  },
  docker: {
    manifest: MEDIA_TYPES.dockerManifest,
    config: MEDIA_TYPES.dockerConfig,
    layer: MEDIA_TYPES.dockerLayerGzip,
    index: MEDIA_TYPES.dockerIndex,
  },
} as const;

/** Makes a whole, valid image in memory. */
export async function testImage(options: TestImageOptions): Promise<TestImage> {
  const types = TYPES[options.format ?? 'oci'];
  const platform = options.platform ?? { os: 'linux', architecture: 'amd64' };
  const layers = await Promise.all(options.layers.map((files) => testLayer(files, types.layer)));
  const config = storedJson(
    types.config,
    (options.editConfig ?? same)({
      ...platform,
      created: options.created ?? '2026-01-01T00:00:00Z',
      config: options.config ?? {},
      rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
      history: layers.map((_, index) => ({ created_by: `layer ${index}` })),
    }),
  );
  const manifest = storedJson(
    types.manifest,
    (options.editManifest ?? same)({
      schemaVersion: 2,
      mediaType: types.manifest,
      config: describe(config),
      layers: layers.map(describe),
    }),
  );
  return { manifest, config, layers, platform };
}

/** An index over images, each under its platform. */
export function testIndex(images: readonly TestImage[], format: 'oci' | 'docker' = 'oci'): StoredBytes {
  const mediaType = TYPES[format].index;
  const manifests = images.map(({ manifest, platform }) => ({ ...describe(manifest), platform }));
  return storedJson(mediaType, { schemaVersion: 2, mediaType, manifests });
}

export async function testLayer(
  files: LayerFiles,
  mediaType: string = MEDIA_TYPES.ociLayerGzip,
): Promise<TestLayer> {
  const archive = await tarOf(files);
  const bytes = mediaType.endsWith('gzip') ? gzipSync(archive) : archive;
  return { ...stored(mediaType, bytes), diffId: digestOf(archive) };
}

export function stored(mediaType: string, bytes: Uint8Array): StoredBytes {
  return { mediaType, digest: digestOf(bytes), size: bytes.byteLength, bytes };
}

export function storedJson(mediaType: string, document: unknown): StoredBytes {
  return stored(mediaType, new TextEncoder().encode(JSON.stringify(document)));
}

export function describe({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}

async function tarOf(files: LayerFiles): Promise<Uint8Array> {
  const pack = tar.pack();
  for (const [name, content] of Object.entries(files)) {
    if (name.endsWith('/')) pack.entry({ name, type: 'directory', mode: 0o755, mtime: new Date(0) });
    else pack.entry({ name, mode: 0o755, mtime: new Date(0) }, Buffer.from(content));
  }
  pack.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of pack) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

function same<T>(document: T): T {
  return document;
}
