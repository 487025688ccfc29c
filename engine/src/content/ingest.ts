import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskError, errnoOf, syncDirectory } from '../metadata/index.ts';

const EMPTY = Buffer.alloc(0);

export interface IngestOptions {
  readonly path: string;
  readonly destination: string;
  readonly size: number;
  /** Once, when another may open it. */
  readonly onClosed: () => void;
}

/**
 * A blob that is being written, `<ingest>/<digest>.part`. Ends in exactly one of three ways: `commit` makes it a
 * blob, `suspend` keeps what is there for later, `discard` forgets it. Others may read the file up to `written` at any
 * time; bytes once written never change.
 */
export class Ingest {
  readonly path: string;
  private readonly options: IngestOptions;
  private readonly file: FileHandle;
  private offset: number;

  static async open(options: IngestOptions): Promise<Ingest> {
    try {
      const file = await open(options.path, 'a+', 0o600);
      const present = (await file.stat()).size;
      // More than the blob has: what is there is of no use.
      if (present > options.size) await file.truncate(0);
      return new Ingest(options, file, present > options.size ? 0 : present);
    } catch (thrown) {
      throw diskError(thrown, options.path);
    }
  }

  private constructor(options: IngestOptions, file: FileHandle, offset: number) {
    this.options = options;
    this.path = options.path;
    this.file = file;
    this.offset = offset;
  }

  /** Bytes in the file, from an earlier attempt or from this one. */
  get written(): number {
    return this.offset;
  }

  get complete(): boolean {
    return this.offset === this.options.size;
  }

  /** Appends all of them. A full disk fails with a typed error; the file is then only good for `discard`. */
  async write(chunks: readonly Uint8Array[]): Promise<void> {
    const length = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
    try {
      let { bytesWritten: done } = await this.file.writev(chunks);
      // A full disk or a signal has stopped it early: the rest says which.
      const rest = done < length ? Buffer.concat(chunks) : EMPTY;
      while (done < rest.length) done += (await this.file.write(rest, done)).bytesWritten;
    } catch (thrown) {
      throw diskError(thrown, this.path);
    }
    this.offset += length;
  }

  /** Lasting from here on. The caller has made sure that the bytes are the digest's. A failure discards them. */
  async commit(): Promise<void> {
    try {
      await this.file.sync();
      await this.close();
      await rename(this.path, this.options.destination);
      await syncDirectory(dirname(this.options.destination));
      this.options.onClosed();
    } catch (thrown) {
      await this.discard();
      throw diskError(thrown, this.path);
    }
  }

  async suspend(): Promise<void> {
    await this.close();
    if (this.offset === 0) await rm(this.path, { force: true });
    this.options.onClosed();
  }

  async discard(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
    this.options.onClosed();
  }

  private async close(): Promise<void> {
    try {
      await this.file.close();
    } catch (thrown) {
      if (errnoOf(thrown) !== 'EBADF') throw thrown;
    }
  }
}
