import { mkdir, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { EngineError } from '../errors/index.ts';
import { diskError, errnoOf, syncDirectory, writeDurably } from '../metadata/index.ts';
import { type Descriptor, type Digest, digestHex, isDigest } from '../oci/index.ts';
import { diskBytesOf, removeTemporary, sizeOf } from './files.ts';
import { digestOf } from './hash.ts';
import { Ingest } from './ingest.ts';
import { formatIndex, type IndexedImage, parseIndex } from './layout-index.ts';
import { type PartialBlob, PartialBlobs } from './partial-blobs.ts';
import { Turns } from './turns.ts';

export interface ContentStoreOptions {
  /** The image layout: `<data>/engine/content`. */
  readonly directory: string;
  /** `<data>/engine/ingest`, on the same file system. */
  readonly ingestDirectory: string;
  readonly clock: Clock;
}

const LAYOUT_FILE = 'oci-layout';
const INDEX_FILE = 'index.json';

/**
 * Blobs by digest, kept as an OCI image layout that other tools can open while we are away. A blob is there wholly
 * and verified, or not at all: it is renamed into place. What arrives slowly waits in the ingest folder, and survives
 * a crash there.
 */
export class ContentStore {
  private readonly directory: string;
  private readonly blobs: string;
  private readonly partialBlobs: PartialBlobs;
  private readonly writers = new Turns();
  private indexed: Promise<void> = Promise.resolve();

  static async open(options: ContentStoreOptions): Promise<ContentStore> {
    const store = new ContentStore(options);
    await mkdir(store.blobs, { recursive: true, mode: 0o700 });
    await removeTemporary(store.directory);
    await removeTemporary(store.blobs);
    await store.partialBlobs.open(options.clock.now());
    if ((await sizeOf(join(store.directory, LAYOUT_FILE))) === null) {
      await writeDurably(join(store.directory, LAYOUT_FILE), '{"imageLayoutVersion":"1.0.0"}');
    }
    if ((await sizeOf(join(store.directory, INDEX_FILE))) === null) await store.setIndex([]);
    return store;
  }

  private constructor({ directory, ingestDirectory }: ContentStoreOptions) {
    this.directory = directory;
    this.blobs = join(directory, 'blobs', 'sha256');
    this.partialBlobs = new PartialBlobs(ingestDirectory);
  }

  pathOf(digest: Digest): string {
    return join(this.blobs, digestHex(digest));
  }

  /** Whether the blob is there, with this size. */
  async has({ digest, size }: Pick<Descriptor, 'digest' | 'size'>): Promise<boolean> {
    return (await sizeOf(this.pathOf(digest))) === size;
  }

  /** Bytes of a blob on disk; 0 when it is not there. */
  async sizeOf(digest: Digest): Promise<number> {
    return (await sizeOf(this.pathOf(digest))) ?? 0;
  }

  /** Bytes that have yet to be written until the blob is there: less what an earlier attempt left. */
  async missingBytes({ digest, size }: Pick<Descriptor, 'digest' | 'size'>): Promise<number> {
    const written = (await sizeOf(this.pathOf(digest))) ?? (await this.partialBlobs.sizeOf(digest));
    return written > size ? size : size - written;
  }

  /** Of the disk, for who is not root. */
  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.directory);
    return bavail * bsize;
  }

  /** A small blob, verified once more. Missing: `not-found`. Not what its name says: it is removed, `not-found`. */
  async read(digest: Digest): Promise<Uint8Array> {
    const path = this.pathOf(digest);
    let bytes: Buffer;
    try {
      bytes = await readFile(path);
    } catch (thrown) {
      if (errnoOf(thrown) === 'ENOENT') throw missing(digest, thrown);
      throw thrown;
    }
    if (digestOf(bytes) === digest) return bytes;
    await rm(path, { force: true });
    throw missing(digest);
  }

  /** Stores a small blob that must have this digest and size. */
  async put(descriptor: Pick<Descriptor, 'digest' | 'size'>, bytes: Uint8Array): Promise<void> {
    verify(descriptor, bytes);
    if (await this.has(descriptor)) return;
    await writeDurably(this.pathOf(descriptor.digest), bytes);
  }

  /**
   * Begins or goes on with writing a large blob; null when the blob is there already. One writer at a time, first come
   * first served: a second one waits until the first has ended. The bytes are NOT verified here: commit only what
   * the snapshotter has verified.
   */
  async ingest(descriptor: Pick<Descriptor, 'digest' | 'size'>, signal: AbortSignal): Promise<Ingest | null> {
    const { digest, size } = descriptor;
    const turn = this.writers.take(digest);
    try {
      await turn.granted(signal);
      if (await this.has(descriptor)) {
        turn.end();
        return null;
      }
      return await Ingest.open({
        path: this.partialBlobs.pathOf(digest),
        destination: this.pathOf(digest),
        size,
        onClosed: () => turn.end(),
      });
    } catch (thrown) {
      turn.end();
      throw thrown;
    }
  }

  /** Forgets what an earlier attempt left of a blob, unless somebody goes on with it now. Returns the bytes freed. */
  async removePartial(digest: Digest): Promise<number> {
    if (this.writers.isTaken(digest)) return 0;
    const turn = this.writers.take(digest);
    try {
      return await this.partialBlobs.remove(digest);
    } finally {
      turn.end();
    }
  }

  /** A new name in the ingest folder, for content whose digest is known only once it is made. */
  temporaryPath(name: string): string {
    return this.partialBlobs.temporaryPath(name);
  }

  /** Takes a file made at `temporaryPath`, whose bytes have this digest. */
  async adopt(path: string, digest: Digest): Promise<void> {
    try {
      await rename(path, this.pathOf(digest));
    } catch (thrown) {
      throw diskError(thrown, path);
    }
    await syncDirectory(this.blobs);
  }

  async list(): Promise<readonly Digest[]> {
    const names = await readdir(this.blobs);
    return names.map((name) => `sha256:${name}`).filter(isDigest);
  }

  /** What each blob takes of the disk, as du(1) counts it. */
  async diskBytes(): Promise<ReadonlyMap<Digest, number>> {
    const bytes = new Map<Digest, number>();
    for (const digest of await this.list()) {
      const taken = await diskBytesOf(this.pathOf(digest));
      if (taken !== null) bytes.set(digest, taken);
    }
    return bytes;
  }

  /** Blobs that are being written, or whose writing was interrupted. */
  partials(): Promise<readonly PartialBlob[]> {
    return this.partialBlobs.list();
  }

  /** Unknown ones are no error. Returns the bytes freed. */
  async remove(digests: readonly Digest[]): Promise<number> {
    let freed = 0;
    for (const digest of digests) {
      const path = this.pathOf(digest);
      try {
        freed += (await stat(path)).size;
        await rm(path);
      } catch (thrown) {
        if (errnoOf(thrown) !== 'ENOENT') throw diskError(thrown, path);
      }
    }
    if (digests.length > 0) await syncDirectory(this.blobs);
    return freed;
  }

  /** What index.json lists, as far as it can be read. */
  async index(): Promise<readonly IndexedImage[]> {
    await this.indexed.catch(() => undefined);
    return parseIndex(await readFile(join(this.directory, INDEX_FILE), 'utf8'));
  }

  /** Rewrites index.json, for other tools: our own truth is in the records. The last of several calls wins. */
  setIndex(images: readonly IndexedImage[]): Promise<void> {
    const write = () => writeDurably(join(this.directory, INDEX_FILE), formatIndex(images));
    this.indexed = this.indexed.then(write, write);
    return this.indexed;
  }
}

function verify({ digest, size }: Pick<Descriptor, 'digest' | 'size'>, bytes: Uint8Array): void {
  const wrong = bytes.byteLength !== size ? 'size' : digestOf(bytes) !== digest ? 'digest' : null;
  if (wrong === null) return;
  throw new EngineError(
    'invalid-argument',
    `The registry served other bytes than the image is made of (${wrong}).`,
    {
      detail: { step: wrong, path: digest },
      hint: 'Pull again; if it fails again, the image is damaged in the registry, or something between alters it.',
    },
  );
}

function missing(digest: Digest, cause?: unknown): EngineError {
  return new EngineError('not-found', `A part of the image is missing on disk: ${digest}.`, {
    detail: { step: 'content', path: digest },
    hint: 'Pull the image again.',
    ...(cause !== undefined && { cause }),
  });
}
