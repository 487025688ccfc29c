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

/**
 * The images that go together: all of an index, if every manifest of it is here. A registry refuses an index whose
 * manifests it does not know; of one that is here in part, the image alone goes.
 */
export async function imagesToPush(
  catalog: Catalog,
  content: ContentStore,
  image: ImageRecord,
): Promise<readonly [ImageRecord, ...ImageRecord[]]> {
  const here = [image, ...catalog.siblingsOf(image)] as const;
  if (image.index === undefined || here.length < image.index.manifests.length) return [image];
  const index = parseManifest(await content.read(image.index.digest), image.index.mediaType);
  if (index.kind !== 'index') throw invalidImage('manifest', 'its index is none');
  const present = new Set(here.map(({ manifest }) => manifest.digest));
  return index.manifests.every(({ digest }) => present.has(digest)) ? here : [image];
}

/** Of images that `imagesToPush` has chosen. */
export async function readOutgoing(
  content: ContentStore,
  [first, ...others]: readonly [ImageRecord, ...ImageRecord[]],
): Promise<Outgoing> {
  const read = async (descriptor: Descriptor): Promise<OutgoingDocument> => ({
    descriptor,
    bytes: await content.read(descriptor.digest),
  });
  const all = await Promise.all([first, ...others].map(({ manifest }) => read(manifest)));
  const blobs = new Map(all.flatMap(blobsOf).map((blob) => [blob.digest, blob]));
  const index = others.length === 0 ? undefined : first.index;
  const top = await read(index ?? first.manifest);
  return { blobs: [...blobs.values()], manifests: index === undefined ? [] : all, top };
}

function blobsOf({ descriptor, bytes }: OutgoingDocument): readonly Descriptor[] {
  const manifest: Manifest | { readonly kind: 'index' } = parseManifest(bytes, descriptor.mediaType);
  if (manifest.kind === 'index') throw invalidImage('manifest', 'it is an index');
  return [...manifest.layers, manifest.config];
}
