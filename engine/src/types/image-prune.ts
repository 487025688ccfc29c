import type { ImageSummary } from './image.ts';

/** What pruning images would remove, as things are. */
export interface PrunableImages {
  readonly images: readonly ImageSummary[];
  /** Bytes of disk that would be free after it: those of content that nothing else needs. */
  readonly freedBytes: number;
}
