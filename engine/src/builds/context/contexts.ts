import type { WalkedFile } from '../../runtime/index.ts';
import type { IgnoreRules } from '../dockerignore/index.ts';
import type { ContextFiles } from './context-files.ts';
import type { FileTree } from './file-tree.ts';
import { LocalContext } from './local-context.ts';

/** Folders whose files' digests are remembered. */
const REMEMBERED = 64;

/** Folders that were built from before: what has not changed in them is not read again. */
export class KnownContexts {
  private readonly contexts = new Map<string, LocalContext>();

  at(path: string): LocalContext {
    const context = this.contexts.get(path) ?? new LocalContext(path);
    this.contexts.delete(path);
    this.contexts.set(path, context);
    const [oldest] = this.contexts.keys();
    if (this.contexts.size > REMEMBERED && oldest !== undefined) this.contexts.delete(oldest);
    return context;
  }
}

/** A folder as one build sees it: walked once. */
export class FolderFiles implements ContextFiles {
  private readonly context: LocalContext;
  private readonly ignore: IgnoreRules | null;
  private walked: Promise<FileTree> | null = null;

  constructor(context: LocalContext, ignore: IgnoreRules | null) {
    this.context = context;
    this.ignore = ignore;
  }

  tree(signal: AbortSignal): Promise<FileTree> {
    this.walked ??= this.context.tree(this.ignore, signal);
    return this.walked;
  }

  read(file: WalkedFile): AsyncIterable<Uint8Array> {
    return this.context.read(file);
  }
}

export const NO_FILES: ContextFiles = {
  tree: () => Promise.resolve({ files: [] }),
  read: () => {
    throw new Error('there are no files');
  },
};
