import { createReadStream } from 'node:fs';
import type { Clock } from '../clock.ts';
import { type ContentStore, digestOf } from '../content/index.ts';
import {
  type Descriptor,
  type Digest,
  MEDIA_TYPES,
  parseDigest,
  parseManifest,
  type Reference,
} from '../oci/index.ts';
import type { BlobSource, Credentials, ImageSource, RegistryClient, Repository } from '../registry/index.ts';
import { Slots } from '../slots.ts';
import type { Snapshotter, UnpackedLayer } from '../snapshots/index.ts';
import { knownBlob, pack } from './built-image.ts';
import type { Catalog } from './catalog.ts';
import { LayerPull } from './layer-pull.ts';
import { invalidImage, type Layer } from './layers.ts';
import { LayoutFolder } from './layout-folder.ts';
import { describeBytes, manifestBytes } from './manifest-document.ts';

const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
const CONCURRENT_DOWNLOADS = 3;

export interface LayerExchangeParts {
  readonly registry: RegistryClient;
  readonly content: ContentStore;
  readonly snapshotter: Snapshotter;
  readonly catalog: Catalog;
  readonly clock: Clock;
}

/** Where layers are exchanged: under a name in a registry, or in a folder of this machine. */
export type SharedPlace =
  | {
      readonly kind: 'registry';
      readonly reference: Reference;
      readonly credentials: Credentials | undefined;
    }
  | { readonly kind: 'folder'; readonly path: string };

/** The same as a person names it; without credentials, the engine's own. */
export type NamedPlace =
  | {
      readonly kind: 'registry';
      readonly reference: string;
      readonly credentials: Credentials | undefined;
    }
  | { readonly kind: 'folder'; readonly path: string };

/** A document there, and the layers beside it, which come when they are wanted. */
export interface SharedLayers {
  /** The manifest's config. */
  readonly document: Uint8Array;
  /** In the manifest's order. */
  readonly blobs: readonly Descriptor[];
  /** Unpacks one; nothing holds it. The layers below it must be here. */
  bring(layer: Layer, signal: AbortSignal): Promise<UnpackedLayer>;
}

/** What is put there: a manifest with `document` as its config. */
export interface SharedLayersOrder {
  readonly document: Uint8Array;
  readonly documentType: string;
  readonly layers: readonly { readonly diffId: string; readonly chainId: string }[];
  /** A layer's archive, when no image has it as a blob. */
  readonly archiveOf: (chainId: string) => AsyncIterable<Uint8Array>;
}

type LayerTarget = Pick<Repository, 'hasBlob' | 'upload' | 'putManifest'>;

/** Layers that go from one machine's builds to another's. */
export class LayerExchange {
  private readonly parts: LayerExchangeParts;
  private readonly slots = new Slots(CONCURRENT_DOWNLOADS);

  constructor(parts: LayerExchangeParts) {
    this.parts = parts;
  }

  async read(place: SharedPlace, signal: AbortSignal): Promise<SharedLayers> {
    const repository = await this.open(place, 'pull', signal);
    const { bytes, contentType } = await repository.manifest(targetOf(place), signal);
    const manifest = parseManifest(bytes, contentType);
    if (manifest.kind === 'index') throw invalidImage('manifest', 'it is an index');
    const document = await repository.smallBlob(manifest.config, MAX_DOCUMENT_BYTES, signal);
    if (digestOf(document) !== manifest.config.digest) throw invalidImage('config', 'its digest is another');
    const report = (): void => undefined;
    const bring = (layer: Layer, until: AbortSignal): Promise<UnpackedLayer> =>
      new LayerPull({ ...this.parts, slots: this.slots }, layer, {
        ...{ repository, report, signal: until },
      }).run();
    return { document, blobs: manifest.layers, bring };
  }

  /** The manifest comes last: what is there before stays whole until then. */
  async write(place: SharedPlace, order: SharedLayersOrder, signal: AbortSignal): Promise<Digest> {
    const { document, documentType } = order;
    const repository = await this.open(place, 'pull,push', signal);
    const blobs: Descriptor[] = [];
    for (const layer of order.layers) blobs.push(await this.send(repository, order, layer, signal));
    const config = describeBytes(documentType, document);
    await upload(repository, config, (start, end) => only(document.subarray(start, end)), signal);
    const bytes = manifestBytes(config, blobs);
    await repository.putManifest(targetOf(place), { bytes, mediaType: MEDIA_TYPES.ociManifest }, signal);
    return digestOf(bytes);
  }

  private async open(
    place: SharedPlace,
    actions: 'pull' | 'pull,push',
    signal: AbortSignal,
  ): Promise<ImageSource & LayerTarget> {
    if (place.kind === 'folder') return new LayoutFolder(place.path);
    const access = { insecure: false, credentials: place.credentials, actions };
    return this.parts.registry.open(place.reference, access, signal);
  }

  private async send(
    repository: LayerTarget,
    { archiveOf }: SharedLayersOrder,
    { diffId, chainId }: SharedLayersOrder['layers'][number],
    signal: AbortSignal,
  ): Promise<Descriptor> {
    const { content, catalog } = this.parts;
    const blob = knownBlob(catalog, diffId) ?? (await pack(content, archiveOf(chainId), diffId, signal));
    const path = content.pathOf(parseDigest(blob.digest));
    // The stream's end is inclusive.
    const source: BlobSource = (start, end) => createReadStream(path, { start, end: end - 1 });
    await upload(repository, blob, source, signal);
    return blob;
  }
}

async function upload(
  repository: LayerTarget,
  blob: Descriptor,
  source: BlobSource,
  signal: AbortSignal,
): Promise<void> {
  if (await repository.hasBlob(blob.digest, signal)) return;
  await repository.upload(blob, source, { sources: [], signal, onProgress: () => undefined });
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** A folder has what it has under one name. */
function targetOf(place: SharedPlace): string {
  if (place.kind === 'folder') return 'latest';
  return place.reference.digest ?? place.reference.tag ?? 'latest';
}
