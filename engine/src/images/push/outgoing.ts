import type { ContentStore } from '../../content/index.ts';
import { type Descriptor, type Manifest, parseManifest } from '../../oci/index.ts';
import type { Catalog } from '../catalog.ts';
import { invalidImage } from '../layers.ts';
import type { ImageRecord } from '../records.ts';

/** A manifest, or an index, as it was pulled or made. */
export interface OutgoingDocument {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

/** What goes to a registry under one name. */
export interface Outgoing {
  /** Each once; of each image the lowest layer first, the config last. */
  readonly blobs: readonly Descriptor[];
  /** That `top` speaks of; none when it is the only one. */
  readonly manifests: readonly OutgoingDocument[];
  /** It gets the name. */
  readonly top: OutgoingDocument;
}

/** Images that go to a registry under one name. */
export interface Selection {
  readonly images: readonly [ImageRecord, ...ImageRecord[]];
  /** That speaks of all of them; null: a single image goes without one. */
  readonly index: Descriptor | null;
}

/**
 * All of an index, if every manifest of it is here. A registry refuses an index whose manifests it does not know; of one
 * that is here in part, the image alone goes.
 */
export async function selectToPush(
  catalog: Catalog,
  content: ContentStore,
  image: ImageRecord,
): Promise<Selection> {
  const here = [image, ...catalog.siblingsOf(image)] as const;
  const alone = { images: [image], index: null } as const;
  if (image.index === undefined || here.length < image.index.manifests.length) return alone;
  const index = parseManifest(await content.read(image.index.digest), image.index.mediaType);
  if (index.kind !== 'index') throw invalidImage('manifest', 'its index is none');
  const present = new Set(here.flatMap(manifestsOf).map(({ digest }) => digest));
  const isWhole = index.manifests.every(({ digest }) => present.has(digest));
  return isWhole ? { images: here, index: image.index } : alone;
}

export async function readOutgoing(content: ContentStore, { images, index }: Selection): Promise<Outgoing> {
  const read = async (descriptor: Descriptor): Promise<OutgoingDocument> => ({
    descriptor,
    bytes: await content.read(descriptor.digest),
  });
  const [first] = images;
  const manifests = await Promise.all((index === null ? [first.manifest] : inOrder(images)).map(read));
  const blobs = new Map(manifests.flatMap(blobsOf).map((blob) => [blob.digest, blob]));
  return {
    blobs: [...blobs.values()],
    manifests: index === null ? [] : manifests,
    top: await read(index ?? first.manifest),
  };
}

/** The images before what speaks of them: registries may refuse a manifest whose subject they do not know. */
function inOrder(images: readonly ImageRecord[]): readonly Descriptor[] {
  const attestations = images.flatMap((image) => manifestsOf(image).slice(1));
  return [...images.map(({ manifest }) => manifest), ...attestations];
}

/** Its own first, then those that say how it was made. */
function manifestsOf({ manifest, attestations = [] }: ImageRecord): readonly Descriptor[] {
  return [manifest, ...attestations.map((attestation) => attestation.manifest)];
}

function blobsOf({ descriptor, bytes }: OutgoingDocument): readonly Descriptor[] {
  const manifest: Manifest | { readonly kind: 'index' } = parseManifest(bytes, descriptor.mediaType);
  if (manifest.kind === 'index') throw invalidImage('manifest', 'it is an index');
  return [...manifest.layers, manifest.config];
}
