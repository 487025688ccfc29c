import type { DirectoryEntry } from '@longshore/engine/types';

/** A file as it is looked at: what its folder says of it, and its first bytes. */
export interface Previewed {
  readonly entry: DirectoryEntry;
  readonly bytes: Uint8Array;
  readonly cut: boolean;
}
