import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TEMPORARY_PREFIX } from '../metadata/index.ts';
import { type Digest, digestHex, isDigest } from '../oci/index.ts';
import { diskBytesOf, removeTemporary, sizeOf } from './files.ts';

export interface PartialBlob {
  readonly digest: Digest;
  readonly diskBytes: number;
}

const PARTIAL = '.part';
/** Partial downloads that nobody went on with for so long are given up. */
const LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

/** The ingest folder: blobs that are not whole yet, by digest, and files whose digest is known only once they are made. */
export class PartialBlobs {
  private readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** At a start, when nobody writes: what is too old goes. */
  async open(now: Date): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    await removeTemporary(this.directory);
    for (const name of await readdir(this.directory)) {
      const path = join(this.directory, name);
      const age = now.getTime() - (await stat(path)).mtimeMs;
      if (age > LIFETIME_MS) await rm(path, { force: true });
    }
  }

  pathOf(digest: Digest): string {
    return join(this.directory, digestHex(digest) + PARTIAL);
  }

  temporaryPath(name: string): string {
    return join(this.directory, TEMPORARY_PREFIX + name);
  }

  /** Bytes that are there of a blob. */
  async sizeOf(digest: Digest): Promise<number> {
    return (await sizeOf(this.pathOf(digest))) ?? 0;
  }

  async list(): Promise<readonly PartialBlob[]> {
    const partials: PartialBlob[] = [];
    for (const name of await readdir(this.directory)) {
      const digest = `sha256:${name.slice(0, -PARTIAL.length)}`;
      if (!name.endsWith(PARTIAL) || !isDigest(digest)) continue;
      const diskBytes = await diskBytesOf(join(this.directory, name));
      if (diskBytes !== null) partials.push({ digest, diskBytes });
    }
    return partials;
  }

  /** Returns the bytes freed. */
  async remove(digest: Digest): Promise<number> {
    const freed = await this.sizeOf(digest);
    await rm(this.pathOf(digest), { force: true });
    return freed;
  }
}
