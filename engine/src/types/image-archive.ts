import type { ImageSummary } from './image.ts';
import type { LayerProgress } from './pull.ts';

/** An image that came out of an archive. */
export interface LoadedImage {
  readonly image: ImageSummary;
  /** Familiar names that the archive gave it; empty when it has none there. */
  readonly references: readonly string[];
}

/** Loading an archive of images as a snapshot: each item replaces the one before. The last one is `done`. */
export type LoadProgress =
  /** `receivedBytes`: of the archive as it comes, compressed or not. */
  | { readonly stage: 'receiving'; readonly receivedBytes: number }
  | {
      readonly stage: 'unpacking';
      /** The image's name in the archive, or its id. */
      readonly image: string;
      readonly layers: readonly LayerProgress[];
    }
  | { readonly stage: 'done'; readonly images: readonly LoadedImage[] };

/** Making an image of a root file system. The last item is `done`. */
export type ImportProgress =
  | { readonly stage: 'receiving'; readonly receivedBytes: number }
  | { readonly stage: 'unpacking' }
  | { readonly stage: 'done'; readonly image: ImageSummary };
