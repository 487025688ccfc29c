import type { ImageSummary } from './image.ts';
import type { Platform } from './platform.ts';

export type LayerStage = 'waiting' | 'downloading' | 'verifying' | 'unpacking' | 'done' | 'exists';

export interface LayerProgress {
  readonly digest: string;
  readonly stage: LayerStage;
  /** Compressed bytes fetched so far. */
  readonly downloadedBytes: number;
  /** Compressed bytes verified and unpacked so far. */
  readonly unpackedBytes: number;
  readonly sizeBytes: number;
}

/** A pull as a snapshot: each item replaces the one before. The last one is `done`. */
export type PullProgress =
  | { readonly stage: 'resolving'; readonly reference: string }
  | {
      readonly stage: 'pulling';
      readonly reference: string;
      readonly platform: Platform;
      readonly manifestDigest: string;
      readonly layers: readonly LayerProgress[];
    }
  | {
      readonly stage: 'done';
      readonly reference: string;
      readonly manifestDigest: string;
      readonly image: ImageSummary;
      /** True when nothing had to be fetched. */
      readonly upToDate: boolean;
    };
