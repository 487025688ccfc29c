import { constants } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, symlink, unlink } from 'node:fs/promises';
import path from 'node:path';
import { EngineError } from '../../../errors/index.ts';
import { errnoOf } from '../../../metadata/index.ts';
import { inWords } from './local-error.ts';

/** Each folder on the way to an entry is held open. */
const MAX_DEPTH = 256;

const OPEN_FOLDER = constants.O_RDONLY | constants.O_DIRECTORY;

/** What a directory is to have once all that is in it is there: until then it must be writable. */
export interface FolderTraits {
  /** Permissions. */
  readonly mode: number;
  readonly modifiedAt: Date;
}

/**
 * A folder of this machine that an archive is unpacked into, by names that never lead out of it: each folder on the way is
 * opened from the one above without following links, and what is made is made through the open folder. So it does not
 * matter what the archive holds, nor what somebody else does to the same folder meanwhile.
 *
 * Entries are best asked for in depth-first order: the folders on the way to the last one stay open.
 */
export class ExtractionRoot implements AsyncDisposable {
  private readonly root: string;
  /** From the root down to the last folder asked for. */
  private readonly opened: OpenFolder[];

  static async open(root: string): Promise<ExtractionRoot> {
    const handle = await inWords('open', root, () => open(root, OPEN_FOLDER));
    return new ExtractionRoot(root, new OpenFolder('', handle));
  }

  private constructor(root: string, top: OpenFolder) {
    this.root = root;
    this.opened = [top];
  }

  /** Makes the directory where it is missing. */
  async makeDirectory(names: readonly string[], traits: FolderTraits): Promise<void> {
    const folder = await this.folder(names);
    folder.traits = traits;
  }

  /** A new file in place of an older one; the caller writes and closes it. */
  async createFile(names: readonly string[]): Promise<FileHandle> {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    return this.makeAt(names, (place) => open(place, flags, 0o600));
  }

  async createSymlink(names: readonly string[], target: string): Promise<void> {
    await this.makeAt(names, (place) => symlink(target, place));
  }

  /** A further name for what is at `existing`, which is no directory. */
  async createLink(names: readonly string[], existing: readonly string[]): Promise<void> {
    const walk: OpenFolder[] = [];
    try {
      let folder = this.top;
      for (const name of existing.slice(0, -1)) {
        folder = await this.openIn(folder, name, existing);
        walk.push(folder);
      }
      const from = folder.at(existing.at(-1) ?? '.');
      // link(2) does not follow a link at the end.
      await this.makeAt(names, (place) => link(from, place));
    } finally {
      for (const folder of walk.reverse()) await folder.close();
    }
  }

  /** Gives all directories their permissions and times. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.closeBelow(0);
  }

  private get top(): OpenFolder {
    const [top] = this.opened;
    if (top === undefined) throw new Error('The extraction is over.');
    return top;
  }

  private async makeAt<T>(names: readonly string[], make: (place: string) => Promise<T>): Promise<T> {
    const folder = await this.folder(names.slice(0, -1));
    const shown = this.show(names);
    const place = folder.at(names.at(-1) ?? '.');
    await inWords('unlink', shown, () => makeRoom(place, shown));
    return inWords('create', shown, () => make(place));
  }

  private async folder(names: readonly string[]): Promise<OpenFolder> {
    if (names.length > MAX_DEPTH) {
      throw new EngineError('invalid-argument', 'The archive has directories nested too deeply.', {
        detail: { step: 'entry', path: names.slice(0, 8).join('/') },
      });
    }
    let depth = 0;
    while (depth < names.length && this.opened[depth + 1]?.name === names[depth]) depth++;
    await this.closeBelow(depth + 1);
    let folder = this.opened[depth] ?? this.top;
    for (const name of names.slice(depth)) {
      folder = await this.openIn(folder, name, names);
      this.opened.push(folder);
    }
    return folder;
  }

  private async openIn(folder: OpenFolder, name: string, names: readonly string[]): Promise<OpenFolder> {
    const place = folder.at(name);
    const shown = this.show(names);
    try {
      await mkdir(place, 0o700);
    } catch (thrown) {
      if (errnoOf(thrown) !== 'EEXIST') await inWords('mkdir', shown, () => Promise.reject(thrown as Error));
    }
    try {
      return new OpenFolder(name, await open(place, OPEN_FOLDER | constants.O_NOFOLLOW));
    } catch (thrown) {
      if (errnoOf(thrown) === 'ENOTDIR' || errnoOf(thrown) === 'ELOOP') throw notADirectory(shown, thrown);
      return inWords('open', shown, () => Promise.reject(thrown as Error));
    }
  }

  private async closeBelow(depth: number): Promise<void> {
    while (this.opened.length > depth) await this.opened.pop()?.close();
  }

  private show(names: readonly string[]): string {
    return path.join(this.root, ...names);
  }
}

class OpenFolder {
  readonly name: string;
  traits: FolderTraits | null = null;
  private readonly handle: FileHandle;

  constructor(name: string, handle: FileHandle) {
    this.name = name;
    this.handle = handle;
  }

  /** A path that begins at this very folder, wherever it has been moved to: Node has no openat(2). */
  at(name: string): string {
    return `/proc/self/fd/${this.handle.fd}/${name}`;
  }

  async close(): Promise<void> {
    try {
      if (this.traits === null) return;
      await this.handle.chmod(this.traits.mode);
      await this.handle.utimes(this.traits.modifiedAt, this.traits.modifiedAt);
    } finally {
      await this.handle.close();
    }
  }
}

/** What is in the way goes, a directory excepted. */
async function makeRoom(place: string, shown: string): Promise<void> {
  let isDirectory: boolean;
  try {
    isDirectory = (await lstat(place)).isDirectory();
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return;
    throw thrown;
  }
  if (isDirectory) {
    throw new EngineError('conflict', `cannot overwrite directory "${shown}" with non-directory`, {
      detail: { path: shown },
      hint: 'Remove it first, or copy to another place.',
    });
  }
  await unlink(place);
}

function notADirectory(shown: string, cause: unknown): EngineError {
  return new EngineError('conflict', `cannot write below "${shown}": a file or a link is in the way`, {
    detail: { step: 'entry', path: shown },
    hint: 'Links are never followed while files are copied from a container: they could lead anywhere.',
    cause,
  });
}
