import { type ContentStore, digestOf } from '../content/index.ts';
import { EngineError, isEngineError } from '../errors/index.ts';
import {
  type Descriptor,
  type Digest,
  familiarReference,
  formatPlatform,
  type ImageConfig,
  type ImageIndex,
  isAttestation,
  isManifestType,
  type Manifest,
  MAX_CONFIG_BYTES,
  parseImageConfig,
  parseManifest,
  type Reference,
  selectPlatform,
} from '../oci/index.ts';
import type { ImageSource } from '../registry/index.ts';
import type { Platform } from '../types/index.ts';
import { findAttestations, type RemoteAttestation } from './attestations.ts';
import { checkImageTypes, invalidImage, type Layer, layersOf } from './layers.ts';
import { type SourceIndex, sourceIndex } from './source-index.ts';

/** An image in its registry, described and verified down to its layers. */
export interface RemoteImage {
  /** What the reference stands for: of the index, or of the manifest if there is no index. */
  readonly digest: Digest;
  readonly index: SourceIndex | null;
  /** What the index says of how this image was made. */
  readonly attestations: readonly RemoteAttestation[];
  readonly manifest: Descriptor;
  readonly manifestBytes: Uint8Array;
  readonly configDescriptor: Descriptor;
  readonly configBytes: Uint8Array;
  readonly config: ImageConfig;
  readonly layers: readonly Layer[];
}

interface Document {
  readonly parsed: Manifest | ImageIndex;
  readonly bytes: Uint8Array;
  readonly digest: Digest;
}

const DAMAGED =
  'Pull again; if it fails again, the image is damaged in the registry, or something between alters it.';

/** Index of an index of an index: more is an attack. */
const MAX_INDEX_DEPTH = 3;

export interface ResolveOptions {
  readonly source: ImageSource;
  readonly content: ContentStore;
  readonly reference: Reference;
  readonly platform: Platform;
  readonly signal: AbortSignal;
}

/** Walks from the reference over the index to the manifest for the platform, and reads the config. */
export async function resolveRemote(options: ResolveOptions): Promise<RemoteImage> {
  const { reference, source, signal } = options;
  const top = await fetchDocument(options, reference.digest ?? reference.tag ?? '', reference.digest);
  const { parsed: manifest, bytes, digest } = await descend(options, top);
  checkImageTypes(manifest);
  const configBytes = await fetchConfig(options, manifest.config);
  const config = parseImageConfig(configBytes);
  const index = top.parsed.kind === 'index' ? top.parsed : null;
  return {
    digest: top.digest,
    index: index === null ? null : sourceIndex(index, top),
    attestations: index === null ? [] : await findAttestations(source, { index, image: digest }, signal),
    manifest: { mediaType: manifest.mediaType, digest, size: bytes.byteLength },
    manifestBytes: bytes,
    configDescriptor: manifest.config,
    configBytes,
    config,
    layers: layersOf(manifest, config),
  };
}

async function descend(
  options: ResolveOptions,
  top: Document,
): Promise<Document & { readonly parsed: Manifest }> {
  let { parsed, bytes, digest } = top;
  for (let depth = 0; parsed.kind === 'index'; depth++) {
    if (depth === MAX_INDEX_DEPTH) throw invalidImage('manifest', 'its indexes are nested too deeply');
    const entry = selectEntry(parsed, options);
    ({ parsed, bytes, digest } = await fetchDocument(options, entry.digest, entry.digest));
    if (bytes.byteLength !== entry.size || parsed.mediaType !== entry.mediaType) {
      throw invalidImage('manifest', 'its index describes another manifest than the registry serves');
    }
  }
  return { parsed, bytes, digest };
}

function selectEntry(index: ImageIndex, { platform, reference }: ResolveOptions): Descriptor {
  const selected = selectPlatform(index.manifests, (entry) => entry.platform, platform);
  if (selected !== null) return selected;
  // An index without platforms says nothing against its only image.
  const [only] = index.manifests.filter(
    (entry) => entry.platform === undefined && isManifestType(entry.mediaType),
  );
  if (only !== undefined && index.manifests.length === 1) return only;
  const offered = index.manifests
    .filter((entry) => !isAttestation(entry))
    .flatMap(({ platform: offer }) => (offer === undefined ? [] : [formatPlatform(offer)]));
  throw new EngineError(
    'not-found',
    `${familiarReference(reference)} is not made for ${formatPlatform(platform)}.`,
    {
      detail: { step: 'platform', path: formatPlatform(platform) },
      hint: `It is made for: ${[...new Set(offered)].join(', ') || 'no platform at all'}.`,
    },
  );
}

/** `expected`: null when the registry is asked by tag, and may answer with anything. */
async function fetchDocument(
  { source, signal }: ResolveOptions,
  target: string,
  expected: Digest | null,
): Promise<Document> {
  const { bytes, contentType } = await source.manifest(target, signal);
  const digest = digestOf(bytes);
  if (expected !== null && digest !== expected) {
    throw new EngineError('invalid-argument', 'The registry served another manifest than was asked for.', {
      detail: { step: 'digest', path: expected },
      hint: DAMAGED,
    });
  }
  return { parsed: parseManifest(bytes, contentType), bytes, digest };
}

async function fetchConfig(
  { source, content, signal }: ResolveOptions,
  config: Descriptor,
): Promise<Uint8Array> {
  try {
    return await content.read(config.digest);
  } catch (thrown) {
    if (!isEngineError(thrown, 'not-found')) throw thrown;
    const bytes = await source.smallBlob(config, MAX_CONFIG_BYTES, signal);
    if (bytes.byteLength === config.size && digestOf(bytes) === config.digest) return bytes;
    throw new EngineError(
      'invalid-argument',
      'The registry served other bytes than the image is made of (config).',
      {
        detail: { step: 'digest', path: config.digest },
        hint: DAMAGED,
      },
    );
  }
}
