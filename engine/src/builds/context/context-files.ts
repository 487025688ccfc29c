import type { WalkedFile } from '../../runtime/index.ts';
import type { FileTree } from './file-tree.ts';

/** Files to copy, that the engine reads itself. */
export interface ContextFiles {
  tree(signal: AbortSignal): Promise<FileTree>;
  read(file: WalkedFile): AsyncIterable<Uint8Array>;
}
