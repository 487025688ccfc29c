import type * as streams from 'node:fs';
import type * as promises from 'node:fs/promises';

type Fs = typeof promises;
type Streams = typeof streams;

/**
 * `crash`: the process is killed at one change of the disk; half of a write may be done, and nothing changes after it.
 * `full`: one change finds no room; removing things always works.
 */
export type Fault = 'crash' | 'full';

/** What needs room. */
const NEEDS_ROOM: ReadonlySet<string> = new Set(['mkdir', 'open', 'write', 'writeFile', 'sync', 'rename']);

/** Counts the changes that are made to the disk through Node, and lets one of them go wrong. Syncing costs nothing. */
export class FaultyDisk {
  /** Changes since it was armed. */
  changes = 0;
  /** What was done at the fault; null: it has not come to that. */
  struck: string | null = null;
  private fault: Fault | null = null;
  private at = 0;

  /** From now on the change number `at`, the first is 0, goes wrong. */
  arm(fault: Fault, at: number): void {
    Object.assign(this, { fault, at, changes: 0, struck: null });
  }

  heal(): void {
    this.fault = null;
  }

  /** Whether the process is as good as dead. */
  get isDead(): boolean {
    return this.fault === 'crash' && this.struck !== null;
  }

  /** `node:fs/promises` on this disk. */
  promises(fs: Fs): Fs {
    return {
      ...fs,
      mkdir: ((path: string, options: object) =>
        this.change('mkdir', path, () => fs.mkdir(path, options))) as Fs['mkdir'],
      rename: (from, to) => this.change('rename', String(to), () => fs.rename(from, to)),
      rm: (path, options) => this.change('rm', String(path), () => fs.rm(path, options)),
      open: async (path, flags, mode) => {
        const isRead = flags === undefined || flags === 'r';
        const open = () => fs.open(path, flags, mode);
        return this.handle(String(path), await (isRead ? open() : this.change('open', String(path), open)));
      },
    };
  }

  /** `node:fs` on this disk. */
  streams(fs: Streams): Streams {
    const createWriteStream = ((...words: Parameters<Streams['createWriteStream']>) => {
      const stream = fs.createWriteStream(...words);
      this.change('open', String(words[0]), () => Promise.resolve()).catch((error: unknown) => {
        stream.destroy(error instanceof Error ? error : new Error(String(error)));
      });
      return stream;
    }) as Streams['createWriteStream'];
    return { ...fs, createWriteStream };
  }

  private handle(path: string, handle: promises.FileHandle): promises.FileHandle {
    const half = (bytes: unknown): unknown =>
      bytes instanceof Uint8Array
        ? bytes.subarray(0, bytes.byteLength / 2)
        : String(bytes).slice(0, String(bytes).length / 2);
    return new Proxy(handle, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        const call = (...words: unknown[]): unknown => Reflect.apply(member, target, words) as unknown;
        if (name === 'sync') return () => this.change('sync', path, () => Promise.resolve());
        if (name === 'truncate')
          return (...words: unknown[]) => this.change(name, path, async () => call(...words));
        if (name !== 'write' && name !== 'writeFile') return call;
        return (bytes: unknown, ...rest: unknown[]) =>
          this.change(
            name,
            path,
            async () => call(bytes, ...rest),
            () => target.writeFile(half(bytes) as string),
          );
      },
    });
  }

  private async change<T>(
    name: string,
    path: string,
    make: () => Promise<T>,
    makeHalf: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<T> {
    if (this.fault === null) return make();
    if (this.isDead) throw killed(name);
    if (this.fault === 'full' && !NEEDS_ROOM.has(name)) return make();
    const isTheOne = this.changes === this.at;
    this.changes += 1;
    if (!isTheOne) return make();
    this.struck = `${name} ${path}`;
    if (this.fault === 'crash') {
      await makeHalf();
      throw killed(name);
    }
    throw Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), {
      code: 'ENOSPC',
      syscall: name,
    });
  }
}

function killed(name: string): Error {
  return Object.assign(new Error(`killed before ${name}`), { code: 'EKILLED' });
}

/** Of a test file that puts it in the place of `node:fs`. */
export const disk = new FaultyDisk();
