import { constants, type Stats } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as tar from 'tar-stream';
import { EngineError } from '../../../errors/index.ts';
import { inWords } from './local-error.ts';

/** Beyond it tar's own field for an owner ends. */
const MAX_OCTAL_ID = 0o7777777;

/**
 * A file or a whole directory of this machine as a tar archive, whose first entry is called `name`; with `.` there is
 * no entry for the directory itself. Links are packed as links. Sockets are left out.
 */
export async function* packLocal(
  source: string,
  name: string,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  const pack = tar.pack();
  const packing = new Packer(pack, signal).pack(source, name).catch((thrown: unknown) => {
    pack.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
  });
  try {
    yield* pack as AsyncIterable<Uint8Array>;
  } finally {
    pack.destroy();
    await packing;
  }
}

class Packer {
  private readonly archive: tar.Pack;
  private readonly signal: AbortSignal;
  /** Names of files that have several, by device and inode. */
  private readonly linked = new Map<string, string>();

  constructor(archive: tar.Pack, signal: AbortSignal) {
    this.archive = archive;
    this.signal = signal;
  }

  async pack(source: string, name: string): Promise<void> {
    await this.add(source, name === '/' ? '.' : name);
    this.archive.finalize();
  }

  private async add(source: string, name: string): Promise<void> {
    this.signal.throwIfAborted();
    const stats = await inWords('lstat', source, () => lstat(source));
    if (stats.isDirectory()) await this.addDirectory(source, name, stats);
    else if (stats.isSymbolicLink()) {
      const linkname = await inWords('readlink', source, () => readlink(source));
      this.archive.entry({ ...headerOf(name, stats), type: 'symlink', linkname });
    } else if (stats.isFile()) await this.addFile(source, name, stats);
    else this.addSpecial(name, stats);
  }

  private async addDirectory(source: string, name: string, stats: Stats): Promise<void> {
    if (name !== '.') this.archive.entry({ ...headerOf(`${name}/`, stats), type: 'directory' });
    const children = await inWords('open', source, () => readdir(source));
    for (const child of children.sort()) await this.add(path.join(source, child), `${name}/${child}`);
  }

  private async addFile(source: string, name: string, seen: Stats): Promise<void> {
    const inode = `${seen.dev}:${seen.ino}`;
    const linkname = seen.nlink > 1 ? this.linked.get(inode) : undefined;
    if (linkname !== undefined) {
      this.archive.entry({ ...headerOf(name, seen), type: 'link', linkname });
      return;
    }
    if (seen.nlink > 1) this.linked.set(inode, name);
    // Whatever has taken the file's place since then must not be followed, nor make us wait.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    await using file = await inWords('open', source, () => open(source, flags));
    const stats = await file.stat();
    if (!stats.isFile()) throw changed(source);
    const header = { ...headerOf(name, stats), type: 'file', size: stats.size } as const;
    if (stats.size === 0) {
      this.archive.entry(header);
      return;
    }
    const bytes = file.createReadStream({ start: 0, end: stats.size - 1, autoClose: false });
    // tar-stream brings its own stream library, whose streams are made to work in Node's pipelines.
    const entry = this.archive.entry(header) as unknown as Writable;
    await pipeline(bytes, exactly(stats.size, source), entry, { signal: this.signal });
  }

  private addSpecial(name: string, stats: Stats): void {
    const [devmajor, devminor] = [major(stats.rdev), minor(stats.rdev)];
    const header = { ...headerOf(name, stats), devmajor, devminor };
    if (stats.isFIFO()) this.archive.entry({ ...header, type: 'fifo' });
    if (stats.isBlockDevice()) this.archive.entry({ ...header, type: 'block-device' });
    if (stats.isCharacterDevice()) this.archive.entry({ ...header, type: 'character-device' });
  }
}

function headerOf(name: string, { mode, uid, gid, mtime }: Stats) {
  const pax = {
    ...(uid > MAX_OCTAL_ID && { uid: String(uid) }),
    ...(gid > MAX_OCTAL_ID && { gid: String(gid) }),
  };
  return { name, mode: mode & 0o7777, uid, gid, mtime, ...(Object.keys(pax).length > 0 && { pax }) };
}

/** An entry's size is written before its bytes: a file that has got shorter since cannot be packed. */
function exactly(size: number, source: string) {
  return async function* (chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    let read = 0;
    for await (const chunk of chunks) {
      read += chunk.byteLength;
      yield chunk;
    }
    if (read !== size) throw changed(source);
  };
}

function changed(source: string): EngineError {
  return new EngineError('conflict', `${source} changed while it was read.`, {
    detail: { step: 'read', path: source },
    hint: 'Copy again when nothing writes to it.',
  });
}

/** As makedev(3) of Linux puts them together. */
function major(device: number): number {
  const wide = BigInt(device);
  return Number(((wide >> 8n) & 0xfffn) | ((wide >> 32n) & 0xfffff000n));
}

function minor(device: number): number {
  const wide = BigInt(device);
  return Number((wide & 0xffn) | ((wide >> 12n) & 0xffffff00n));
}
