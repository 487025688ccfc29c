import { createHash } from 'node:crypto';
import type { BigIntStats, Dirent } from 'node:fs';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../../errors/index.ts';
import { diskError, errnoOf } from '../../metadata/index.ts';
import type { WalkedFile } from '../../runtime/index.ts';
import type { IgnoreRules } from '../dockerignore/index.ts';
import { sideBySide } from '../../side-by-side.ts';
import { type FileTree, isRegular } from './file-tree.ts';
import { factsOf, type KnownFiles } from './known-files.ts';

interface Found {
  readonly path: string;
  readonly stat: BigIntStats;
}

interface Walk {
  readonly ignore: IgnoreRules | null;
  /** What was found, in order. */
  readonly found: Found[];
  readonly signal: AbortSignal;
}

const READ_BYTES = 1024 * 1024;
const MAX_FILES = 2_000_000;
/** Files read at once: as many as Node has threads for it. */
const READERS = 4;

/**
 * A folder whose files are copied into images. Only files that have changed since they were last read, by size, times and
 * inode, are read again. Nothing outside of the folder is ever read: links are taken as links, and each file is checked to
 * be where it was found when it is open.
 */
export class LocalContext {
  readonly path: string;
  private readonly known: KnownFiles;
  private root: string | null = null;

  /** `known`: what was learned of its files when they were written. */
  constructor(path: string, known: KnownFiles = new Map()) {
    this.path = path;
    this.known = known;
  }

  async tree(ignore: IgnoreRules | null, signal: AbortSignal): Promise<FileTree> {
    this.root = await realpath(this.path).catch((thrown: unknown) => {
      throw errnoOf(thrown) === 'ENOENT' ? missing(this.path) : unreadable(thrown, this.path);
    });
    const found: Found[] = [];
    await this.walk('', await this.stat(''), { ignore, found, signal });
    return { files: await this.describeAll(found, signal) };
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

  private async walk(path: string, stat: BigIntStats | null, walk: Walk): Promise<void> {
    walk.signal.throwIfAborted();
    if (stat === null) return;
    walk.found.push({ path, stat });
    if (walk.found.length > MAX_FILES) throw tooMany();
    if (!stat.isDirectory()) return;
    const inside = (await this.names(path))
      .map(({ name }) => (path === '' ? name : `${path}/${name}`))
      .map((place) => ({ place, isIgnored: walk.ignore?.match(place).ignored === true }))
      .filter(({ place, isIgnored }) => !isIgnored || walk.ignore?.ignoresTree(place) === false);
    const stats = await Promise.all(inside.map(({ place }) => this.stat(place)));
    for (const [index, { place, isIgnored }] of inside.entries()) {
      const found = stats[index] ?? null;
      await (isIgnored ? this.walkIgnored(place, found, walk) : this.walk(place, found, walk));
    }
  }

  /** A folder that is ignored, with something in it that is not: it comes along with that. */
  private async walkIgnored(path: string, stat: BigIntStats | null, walk: Walk): Promise<void> {
    if (stat?.isDirectory() !== true) return;
    const found: Found[] = [];
    await this.walk(path, stat, { ...walk, found });
    if (found.length > 1) for (const one of found) walk.found.push(one);
  }

  private async describeAll(found: readonly Found[], signal: AbortSignal): Promise<readonly WalkedFile[]> {
    const files: WalkedFile[] = [];
    const left = found.entries();
    const readers = Array.from({ length: READERS });
    await sideBySide(
      readers,
      async (_, __, stop) => {
        for (const [index, one] of left) {
          stop.throwIfAborted();
          files[index] = await this.describe(one);
        }
      },
      signal,
    );
    return files;
  }

  private async describe({ path, stat }: Found): Promise<WalkedFile> {
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
        : unreadable(thrown, place);
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
      throw unreadable(thrown, this.place(path));
    }
  }

  private async names(path: string): Promise<readonly Dirent[]> {
    try {
      const entries = await readdir(this.place(path), { withFileTypes: true });
      return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (thrown) {
      throw unreadable(thrown, this.place(path));
    }
  }

  private place(path: string): string {
    return join(this.root ?? this.path, path);
  }
}

function missing(path: string): EngineError {
  return new EngineError('not-found', `The context ${path} is not there.`, {
    detail: { step: 'context', path },
    hint: 'It is a folder on the machine that builds.',
  });
}

function unreadable(thrown: unknown, path: string): unknown {
  const errno = errnoOf(thrown);
  if (errno !== 'EACCES' && errno !== 'EPERM') return diskError(thrown, path);
  return new EngineError('permission-denied', `${path} of the context cannot be read.`, {
    detail: { step: 'context', errno, path },
    hint: 'Let the user who runs Longshore read it, or leave it out with a .dockerignore.',
    cause: thrown,
  });
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
