import { randomUUID } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { access, type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { digestOf } from '../content/index.ts';
import { EngineError, isEngineError } from '../errors/index.ts';
import { errnoOf, isDiskFull, TEMPORARY_PREFIX } from '../metadata/index.ts';
import {
  type Descriptor,
  type Digest,
  digestHex,
  digestSchema,
  MAX_MANIFEST_BYTES,
  MEDIA_TYPES,
  parseDocument,
} from '../oci/index.ts';
import type { BlobSource, ImageSource, RemoteBlob, RemoteManifest } from '../registry/index.ts';

/** image-spec, "Image Layout". */
const NAME = 'org.opencontainers.image.ref.name';
const LAYOUT = '{"imageLayoutVersion":"1.0.0"}';

const entrySchema = z.looseObject({
  mediaType: z.string(),
  digest: digestSchema,
  size: z.number().int().nonnegative(),
  annotations: z.looseObject({ [NAME]: z.string().optional() }).optional(),
});
const indexSchema = z.looseObject({ manifests: z.array(entrySchema).max(10_000) });

type Entry = z.infer<typeof entrySchema>;

/**
 * An OCI image layout in a folder that a person named: read and written as a repository is. What is in it was written by
 * anyone; what is read is checked by size here, by its digest where it is used.
 */
export class LayoutFolder implements ImageSource {
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** `target`: a name; where only one manifest is there, that one. */
  async manifest(target: string): Promise<RemoteManifest> {
    const entries = await this.entries();
    const [only, ...others] = entries;
    const entry = entries.find((each) => nameOf(each) === target) ?? (others.length === 0 ? only : undefined);
    if (entry === undefined) {
      throw new EngineError('not-found', `${this.path} has no image "${target}".`, {
        detail: { step: 'layout', path: this.path },
      });
    }
    const bytes = await this.smallBlob(entry, MAX_MANIFEST_BYTES);
    if (digestOf(bytes) !== entry.digest) throw this.damaged(entry.digest);
    return { bytes, contentType: entry.mediaType };
  }

  async blob(descriptor: Descriptor, offset: number): Promise<RemoteBlob> {
    const file = await this.openBlob(descriptor);
    const end = descriptor.size - 1;
    if (offset > end) {
      await file.close();
      return { offset, bytes: nothing() };
    }
    return { offset, bytes: file.createReadStream({ start: offset, end }) };
  }

  async smallBlob(descriptor: Descriptor, maxBytes: number): Promise<Uint8Array> {
    if (descriptor.size > maxBytes) throw this.damaged(descriptor.digest);
    await using file = await this.openBlob(descriptor);
    return await file.readFile();
  }

  async hasBlob(digest: Digest): Promise<boolean> {
    try {
      await access(this.blobPath(digest), constants.R_OK);
      return true;
    } catch {
      return false;
    }
  }

  async upload(
    { digest, size }: Descriptor,
    source: BlobSource,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<'uploaded'> {
    await this.write(this.blobPath(digest), source(0, size), signal);
    return 'uploaded';
  }

  /** In place of what had this name. Others stay, as do their blobs. */
  async putManifest(
    target: string,
    { bytes, mediaType }: { readonly bytes: Uint8Array; readonly mediaType: string },
    signal: AbortSignal,
  ): Promise<string> {
    const digest = digestOf(bytes);
    const before = await this.entries().catch((thrown: unknown) => {
      if (isEngineError(thrown, 'not-found')) return [];
      throw thrown;
    });
    const entry = { mediaType, digest, size: bytes.byteLength, annotations: { [NAME]: target } };
    const manifests = [...before.filter((each) => nameOf(each) !== target), entry];
    const index = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests };
    await this.write(this.blobPath(digest), [bytes], signal);
    await this.write(join(this.path, 'oci-layout'), [Buffer.from(LAYOUT)], signal);
    await this.write(join(this.path, 'index.json'), [Buffer.from(JSON.stringify(index))], signal);
    return digest;
  }

  private async entries(): Promise<readonly Entry[]> {
    await using file = await this.open(join(this.path, 'index.json'));
    if ((await file.stat()).size > MAX_MANIFEST_BYTES) throw this.damaged('index.json');
    const bytes = await file.readFile();
    return parseDocument(bytes, indexSchema, 'index of the OCI image layout', MAX_MANIFEST_BYTES).manifests;
  }

  private async openBlob({ digest, size }: Pick<Descriptor, 'digest' | 'size'>): Promise<FileHandle> {
    const file = await this.open(this.blobPath(digest));
    const actual = (await file.stat()).size;
    if (actual === size) return file;
    await file.close();
    throw this.damaged(digest);
  }

  /** A file, and nothing that waits for a writer or leads elsewhere. */
  private async open(path: string): Promise<FileHandle> {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    try {
      const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      if ((await file.stat()).isFile()) return file;
      await file.close();
    } catch (thrown) {
      throw refusal(thrown, path);
    }
    throw this.damaged(path);
  }

  /** Whole, or not at all. */
  private async write(
    path: string,
    bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    const temporary = join(this.path, `${TEMPORARY_PREFIX}${randomUUID()}`);
    try {
      await mkdir(join(this.path, 'blobs/sha256'), { recursive: true });
      await pipeline(bytes, createWriteStream(temporary, { flags: 'wx', mode: 0o644, flush: true }), {
        signal,
      });
      await rename(temporary, path);
    } catch (thrown) {
      await rm(temporary, { force: true });
      throw isEngineError(thrown) || signal.aborted ? thrown : refusal(thrown, path);
    }
  }

  private blobPath(digest: Digest): string {
    return join(this.path, 'blobs/sha256', digestHex(digest));
  }

  private damaged(path: string): EngineError {
    return new EngineError('invalid-argument', `${this.path} is no OCI image layout, or it is damaged.`, {
      detail: { step: 'layout', path },
    });
  }
}

function nameOf({ annotations }: Entry): string | undefined {
  return annotations?.[NAME];
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield* await Promise.resolve([]);
}

function refusal(thrown: unknown, path: string): unknown {
  const errno = errnoOf(thrown);
  if (errno === undefined || isDiskFull(thrown)) return thrown;
  const detail = { step: 'layout', errno, path };
  if (errno === 'ENOENT') return new EngineError('not-found', `There is no ${path}.`, { detail });
  return new EngineError('failed-precondition', `${path} cannot be read or written (${errno}).`, {
    detail,
    cause: thrown,
  });
}
