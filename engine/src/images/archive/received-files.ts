import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { diskError } from '../../metadata/index.ts';
import { type Digest, parseDigest } from '../../oci/index.ts';
import { badArchive } from './problems.ts';

/** A file of an archive, on our disk under a name of ours. */
export interface ReceivedFile {
  readonly path: string;
  readonly size: number;
  readonly digest: Digest;
}

/** Images have a few files per layer. */
const MAX_FILES = 20_000;
const MAX_NAME_LENGTH = 1024;
const MAX_LINKS_ON_THE_WAY = 8;

/**
 * The files of an archive while it is being loaded. Names of the archive are only ever looked up, never used as paths:
 * nothing that it says can lead anywhere.
 */
export class ReceivedFiles implements AsyncDisposable {
  private readonly directory: string;
  private readonly files = new Map<string, ReceivedFile>();
  /** Name to the name that it stands for. */
  private readonly links = new Map<string, string>();

  static async open(directory: string): Promise<ReceivedFiles> {
    try {
      await mkdir(directory, { mode: 0o700 });
    } catch (thrown) {
      throw diskError(thrown, directory);
    }
    return new ReceivedFiles(directory);
  }

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** Writes and hashes a file as it comes. */
  async receive(written: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const name = this.newName(written);
    const path = join(this.directory, String(this.files.size));
    const hash = createHash('sha256');
    let size = 0;
    try {
      const file = await open(path, 'wx', 0o600);
      try {
        for await (const chunk of content) {
          hash.update(chunk);
          await file.writeFile(chunk);
          size += chunk.byteLength;
        }
      } finally {
        await file.close();
      }
    } catch (thrown) {
      throw diskError(thrown, path);
    }
    this.files.set(name, { path, size, digest: parseDigest(`sha256:${hash.digest('hex')}`) });
  }

  /** `hard`: the target is a name in the archive, not one beside the link. */
  link(written: string, target: string, hard: boolean): void {
    const name = this.newName(written);
    if (posix.isAbsolute(target) || target === '') throw leadsOut(written);
    this.links.set(name, nameOf(hard ? target : posix.join(posix.dirname(name), target)));
  }

  /** By a name of the archive, links followed; null when there is none. */
  find(written: string): ReceivedFile | null {
    let name = nameOf(written);
    for (let steps = 0; steps < MAX_LINKS_ON_THE_WAY; steps += 1) {
      const file = this.files.get(name);
      if (file !== undefined) return file;
      const target = this.links.get(name);
      if (target === undefined) return null;
      name = target;
    }
    throw badArchive('entry', 'its links lead to links', written);
  }

  /** The bytes of a document, as long as it is not larger than documents are. */
  async read({ path, size }: ReceivedFile, noun: string, maxBytes: number): Promise<Uint8Array> {
    if (size > maxBytes) throw badArchive('manifest', `its ${noun} is larger than ${maxBytes} bytes`);
    return readFile(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  private newName(written: string): string {
    const name = nameOf(written);
    if (this.files.size + this.links.size >= MAX_FILES) {
      throw badArchive('entry', `it has more than ${MAX_FILES} files`);
    }
    // Two tools would read two different files.
    if (this.files.has(name) || this.links.has(name))
      throw badArchive('entry', 'a name is there twice', name);
    return name;
  }
}

function nameOf(written: string): string {
  if (written.length > MAX_NAME_LENGTH) throw badArchive('entry', 'a name is too long', written);
  const parts = written.split('/').filter((part) => part !== '' && part !== '.');
  if (posix.isAbsolute(written) || parts.includes('..') || parts.length === 0 || written.includes('\0')) {
    throw leadsOut(written);
  }
  return parts.join('/');
}

function leadsOut(written: string) {
  return badArchive('entry', 'it has a name that leads out of it', written);
}
