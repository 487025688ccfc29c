import { createHash } from 'node:crypto';
import type { BigIntStats, Dirent } from 'node:fs';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../../errors/index.ts';
import { diskError, errnoOf } from '../../metadata/index.ts';
import type { WalkedFile } from '../../runtime/index.ts';
import type { IgnoreRules } from '../dockerignore/index.ts';
import { type FileTree, isRegular } from './file-tree.ts';

/** What was found of a file, and what was read from it then. */
interface Known {
  readonly facts: string;
  readonly digest: string;
}

const READ_BYTES = 1024 * 1024;
const MAX_FILES = 2_000_000;

/**
 * A folder whose files are copied into images. Only files that have changed since they were last read, by size, times and
 * inode, are read again. Nothing outside of the folder is ever read: links are taken as links, and each file is checked to
 * be where it was found when it is open.
 */
export class LocalContext {
  readonly path: string;
  private readonly known = new Map<string, Known>();
  private root: string | null = null;

  constructor(path: string) {
    this.path = path;
  }

  async tree(ignore: IgnoreRules | null, signal: AbortSignal): Promise<FileTree> {
    this.root = await realpath(this.path).catch((thrown: unknown) => {
      throw diskError(thrown, this.path);
    });
    const files: WalkedFile[] = [];
    await this.walk('', ignore, files, signal);
    return { files };
  }

  /** The file's bytes; fails when it is not what was found. */
  async *read({ path, size }: WalkedFile): AsyncGenerator<Uint8Array> {
    const file = await this.openInside(path);
    try {
      let left = size;
      while (left > 0) {
        const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, left));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
        if (bytesRead === 0) throw changed(path);
        left -= bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }

  private async walk(
    path: string,
    ignore: IgnoreRules | null,
    files: WalkedFile[],
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted();
    const stat = await this.stat(path);
    if (stat === null) return;
    files.push(await this.describe(path, stat));
    if (files.length > MAX_FILES) throw tooMany();
    if (!stat.isDirectory()) return;
    for (const { name } of await this.names(path)) {
      const inside = path === '' ? name : `${path}/${name}`;
      if (ignore?.match(inside).ignored === true) {
        if (ignore.ignoresTree(inside)) continue;
        await this.walkIgnored(inside, ignore, files, signal);
      } else await this.walk(inside, ignore, files, signal);
    }
  }

  /** A folder that is ignored, with something in it that is not: it comes along with that. */
  private async walkIgnored(
    path: string,
    ignore: IgnoreRules,
    files: WalkedFile[],
    signal: AbortSignal,
  ): Promise<void> {
    const stat = await this.stat(path);
    if (stat?.isDirectory() !== true) return;
    const inside: WalkedFile[] = [];
    await this.walk(path, ignore, inside, signal);
    if (inside.length > 1) files.push(...inside);
  }

  private async describe(path: string, stat: BigIntStats): Promise<WalkedFile> {
    const mode = Number(stat.mode);
    const linkTarget = stat.isSymbolicLink() ? await readlink(this.place(path)) : '';
    const size = stat.isFile() ? Number(stat.size) : 0;
    const modifiedAt = new Date(Number(stat.mtimeMs));
    const file = { path, mode, uid: 0, gid: 0, size, linkTarget, digest: '', modifiedAt };
    return isRegular(file) ? { ...file, digest: await this.digestOf(file, stat) } : file;
  }

  private async digestOf(file: WalkedFile, stat: BigIntStats): Promise<string> {
    const facts = factsOf(stat);
    const known = this.known.get(file.path);
    if (known?.facts === facts) return known.digest;
    const hash = createHash('sha256');
    for await (const bytes of this.read(file)) hash.update(bytes);
    const digest = hash.digest('hex');
    const after = await this.stat(file.path);
    // What was changed while it was read is read again the next time.
    if (after !== null && factsOf(after) === facts) this.known.set(file.path, { facts, digest });
    return digest;
  }

  private async openInside(path: string): Promise<FileHandle> {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    const place = this.place(path);
    const file = await open(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((thrown: unknown) => {
      throw errnoOf(thrown) === 'ELOOP' || errnoOf(thrown) === 'ENOENT'
        ? changed(path)
        : diskError(thrown, place);
    });
    try {
      const there = await readlink(`/proc/self/fd/${file.fd}`).catch(() => place);
      const { isFile } = await file.stat().then((stat) => ({ isFile: stat.isFile() }));
      if (there !== place || !isFile) throw changed(path);
      return file;
    } catch (thrown) {
      await file.close();
      throw thrown;
    }
  }

  private async stat(path: string): Promise<BigIntStats | null> {
    try {
      return await lstat(this.place(path), { bigint: true });
    } catch (thrown) {
      // It has gone since its folder was read.
      if (errnoOf(thrown) === 'ENOENT' && path !== '') return null;
      throw diskError(thrown, this.place(path));
    }
  }

  private async names(path: string): Promise<readonly Dirent[]> {
    try {
      const entries = await readdir(this.place(path), { withFileTypes: true });
      return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (thrown) {
      throw diskError(thrown, this.place(path));
    }
  }

  private place(path: string): string {
    return join(this.root ?? this.path, path);
  }
}

function factsOf({ size, mtimeNs, ctimeNs, ino, dev, mode }: BigIntStats): string {
  return [size, mtimeNs, ctimeNs, ino, dev, mode].join();
}

function changed(path: string): EngineError {
  return new EngineError('conflict', `${path} was changed while it was read.`, {
    detail: { step: 'context', path },
    hint: 'Build again.',
  });
}

function tooMany(): EngineError {
  return new EngineError('invalid-argument', `The context has more than ${MAX_FILES} files.`, {
    detail: { step: 'context' },
    hint: 'Leave some out with a .dockerignore.',
  });
}
