import type { WalkedFile } from '../../../runtime/index.ts';
import type { ContextFiles } from '../context-files.ts';
import { FILE_KIND, type FileTree, isLink } from '../file-tree.ts';

/** A commit says of a file's permissions only whether it is a program; the rest is not left to this machine. */
export class GitFiles implements ContextFiles {
  private readonly files: ContextFiles;

  constructor(files: ContextFiles) {
    this.files = files;
  }

  async tree(signal: AbortSignal): Promise<FileTree> {
    const { files } = await this.files.tree(signal);
    return { files: files.map((file) => ({ ...file, mode: modeOf(file) })) };
  }

  read(file: WalkedFile): AsyncIterable<Uint8Array> {
    return this.files.read(file);
  }
}

function modeOf({ mode }: WalkedFile): number {
  const kind = mode & FILE_KIND.mask;
  if (isLink({ mode })) return mode;
  return kind | (kind === FILE_KIND.directory || (mode & 0o111) !== 0 ? 0o755 : 0o644);
}
