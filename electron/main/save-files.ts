import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { SaveAnswer, SaveStarted } from '../preload/channels.ts';

/** So many files at once are more than a person saves; a page that wants more is at fault. */
const MOST_AT_ONCE = 16;

interface Saving {
  readonly file: FileHandle;
  readonly partial: string;
  readonly target: string;
}

/** Asks the person where a file of this name goes; undefined when they gave up. */
export type ChooseTarget = (suggestedName: string) => Promise<string | undefined>;

/**
 * Files that a page writes, piece by piece, each to a place that a person has chosen for it and nowhere else. A file
 * is there when it is whole; until then its bytes are in one beside it, which goes when the page gives up or goes.
 */
export class SaveFiles implements AsyncDisposable {
  private readonly choose: ChooseTarget;
  private readonly files = new Map<number, Saving>();
  private lastId = 0;

  constructor(choose: ChooseTarget) {
    this.choose = choose;
  }

  async start(suggestedName: unknown): Promise<SaveStarted> {
    if (typeof suggestedName !== 'string' || this.files.size >= MOST_AT_ONCE)
      return { ok: false, reason: '' };
    const target = await this.choose(safeName(suggestedName));
    if (target === undefined) return { ok: true, id: null };
    const suffix = randomBytes(4).toString('hex');
    const partial = path.join(path.dirname(target), `.${path.basename(target)}.${suffix}.part`);
    try {
      const file = await open(partial, 'wx', 0o600);
      this.lastId += 1;
      this.files.set(this.lastId, { file, partial, target });
      return { ok: true, id: this.lastId };
    } catch (error) {
      return { ok: false, reason: reasonOf(error) };
    }
  }

  async write(id: unknown, bytes: unknown): Promise<SaveAnswer> {
    const saving = this.files.get(id as number);
    if (saving === undefined || !(bytes instanceof Uint8Array)) return { ok: false, reason: '' };
    try {
      for (let written = 0; written < bytes.length;) {
        written += (await saving.file.write(bytes, written)).bytesWritten;
      }
      return { ok: true };
    } catch (error) {
      await this.discard(id as number, saving);
      return { ok: false, reason: reasonOf(error) };
    }
  }

  /** `whole`: puts the file in its place; else throws it away. */
  async end(id: unknown, whole: unknown): Promise<SaveAnswer> {
    const saving = this.files.get(id as number);
    if (saving === undefined) return whole === true ? { ok: false, reason: '' } : { ok: true };
    if (whole !== true) {
      await this.discard(id as number, saving);
      return { ok: true };
    }
    try {
      await saving.file.sync();
      await saving.file.close();
      await rename(saving.partial, saving.target);
      this.files.delete(id as number);
      return { ok: true };
    } catch (error) {
      await this.discard(id as number, saving);
      return { ok: false, reason: reasonOf(error) };
    }
  }

  /** The page has gone: what it has begun is never finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.files].map(([id, saving]) => this.discard(id, saving)));
  }

  private async discard(id: number, { file, partial }: Saving): Promise<void> {
    this.files.delete(id);
    // Closed already, where it failed after that.
    await file.close().catch(() => undefined);
    await rm(partial, { force: true }).catch(() => undefined);
  }
}

/** A name alone, without a folder, and none that is hidden. */
export function safeName(name: string): string {
  const plain = name
    .replace(/[^\p{L}\p{N} ._-]/gu, '_')
    .replace(/^\.+/, '')
    .slice(0, 200);
  return plain === '' ? 'file' : plain;
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
