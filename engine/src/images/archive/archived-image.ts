import type { Descriptor, ImageConfig } from '../../oci/index.ts';
import type { Layer } from '../layers.ts';
import type { SourceIndex } from '../source-index.ts';
import type { ReceivedFile } from './received-files.ts';

/** An image in an archive, described and verified down to the bytes of its layers. */
export interface ArchivedImage {
  /** That it came in, if it came in one. */
  readonly index: SourceIndex | null;
  /** What the index says of how the image was made. */
  readonly attestations: readonly ArchivedAttestation[];
  readonly manifest: Descriptor;
  readonly manifestBytes: Uint8Array;
  readonly configDescriptor: Descriptor;
  readonly configBytes: Uint8Array;
  readonly config: ImageConfig;
  /** Lowest first, each with its bytes. */
  readonly layers: readonly ArchivedLayer[];
  /** Full forms with tag. */
  readonly references: readonly string[];
}

export interface ArchivedAttestation {
  readonly manifest: Descriptor;
  readonly bytes: Uint8Array;
  readonly blobs: readonly ArchivedBlob[];
}

export interface ArchivedBlob extends Descriptor {
  readonly file: ReceivedFile;
}

export interface ArchivedLayer extends Layer {
  readonly file: ReceivedFile;
}

/** An image that an archive names at several places, once with all its names. */
export function mergeImages(images: readonly ArchivedImage[]): readonly ArchivedImage[] {
  const merged = new Map<string, ArchivedImage>();
  for (const image of images) {
    const { digest } = image.configDescriptor;
    const known = merged.get(digest);
    const references = [...(known?.references ?? []), ...image.references];
    merged.set(digest, { ...(known ?? image), references: [...new Set(references)] });
  }
  return [...merged.values()];
}
