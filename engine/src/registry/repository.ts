import type { Clock } from '../clock.ts';
import { EngineError } from '../errors/index.ts';
import { type Descriptor, type Digest, MANIFEST_ACCEPT, MAX_MANIFEST_BYTES } from '../oci/index.ts';
import type { AuthorizedCalls } from './authorized-calls.ts';
import { readBounded } from './body.ts';
import type { Subject } from './failures/refusal.ts';
import { firstOf, readListing } from './listing.ts';
import { readReferrers, type RemoteReferrer } from './referrers.ts';
import { Retries } from './retries.ts';
import type { Throttle } from './throttle.ts';
import type { Answer } from './transport.ts';
import { type BlobSource, uploadBlob, type UploadContext } from './upload.ts';

/** A manifest or index as served; not verified. */
export interface RemoteManifest {
  readonly bytes: Uint8Array;
  readonly contentType: string | null;
}

export interface RemoteBlob {
  /** Where `bytes` begins: as asked for, or 0 when the registry cannot begin there. */
  readonly offset: number;
  /** Never more than the blob's size; fewer when the connection is cut. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface RepositoryOptions {
  readonly calls: AuthorizedCalls;
  readonly clock: Clock;
  /** Path of the repository: `library/debian`. */
  readonly path: string;
  readonly subject: Subject;
  /** Of uploads. */
  readonly pieceBytes: number;
  /** Of downloads. */
  readonly throttle: Throttle;
}

/** Where an image is read from. */
export type ImageSource = Pick<Repository, 'manifest' | 'blob' | 'smallBlob'>;

const MANIFEST_RETRIES = 3;

/** One repository of a registry that has answered (distribution-spec, "Pull" and "Push"). */
export class Repository {
  private readonly options: RepositoryOptions;

  constructor(options: RepositoryOptions) {
    this.options = options;
  }

  /** `target`: a tag or a digest. Trouble that may pass is borne a few times. */
  async manifest(target: string, signal: AbortSignal): Promise<RemoteManifest> {
    const { clock, calls } = this.options;
    const url = this.url(`manifests/${target}`);
    const retries = new Retries({ clock, limit: MANIFEST_RETRIES, patient: false });
    for (;;) {
      try {
        const answer = await calls.get(url, { accept: MANIFEST_ACCEPT.join(', ') }, signal);
        if (answer.status !== 200) throw await calls.failure(answer, this.options.subject);
        const bytes = await readBounded(answer, MAX_MANIFEST_BYTES, 'image manifest');
        return { bytes, contentType: answer.header('content-type') };
      } catch (thrown) {
        await retries.waitAfter(thrown, signal);
      }
    }
  }

  /** From `offset` on, as far as the connection holds. One attempt: who reads knows best where to go on. */
  async blob(descriptor: Descriptor, offset: number, signal: AbortSignal): Promise<RemoteBlob> {
    const { calls, subject } = this.options;
    const url = this.url(`blobs/${descriptor.digest}`);
    const range: Record<string, string> = offset === 0 ? {} : { range: `bytes=${offset}-` };
    const answer = await calls.get(url, range, signal);
    if (answer.status === 206 && startsAt(answer, offset, descriptor.size)) {
      return { offset, bytes: this.bounded(answer, descriptor, offset, signal) };
    }
    if (answer.status === 200) return { offset: 0, bytes: this.bounded(answer, descriptor, 0, signal) };
    if (offset > 0 && (answer.status === 416 || answer.status === 206)) {
      await answer.discard();
      return this.blob(descriptor, 0, signal);
    }
    throw await calls.failure(answer, { ...subject, kind: 'blob', target: descriptor.digest });
  }

  /** A small blob, whole. */
  async smallBlob(descriptor: Descriptor, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    const retries = new Retries({ clock: this.options.clock, limit: MANIFEST_RETRIES, patient: false });
    for (;;) {
      try {
        return await this.readWhole(descriptor, maxBytes, signal);
      } catch (thrown) {
        await retries.waitAfter(thrown, signal);
      }
    }
  }

  /** Whether the registry has the blob here. */
  async hasBlob(digest: Digest, signal: AbortSignal): Promise<boolean> {
    const { calls, subject } = this.options;
    const answer = await calls.get(this.url(`blobs/${digest}`), {}, signal, 'HEAD');
    if (answer.status === 404) {
      await answer.discard();
      return false;
    }
    if (answer.status !== 200)
      throw await calls.failure(answer, { ...subject, kind: 'blob', target: digest });
    await answer.discard();
    return true;
  }

  /** Puts a blob there, from where it lies in the same registry if one of `sources` has it: then `mounted`. */
  upload(
    descriptor: Descriptor,
    source: BlobSource,
    context: UploadContext,
  ): Promise<'mounted' | 'uploaded'> {
    const { calls, clock, pieceBytes } = this.options;
    const subject = { ...this.options.subject, kind: 'upload' } as const;
    const uploads = this.url('blobs/uploads/');
    return uploadBlob({ calls, clock, pieceBytes, uploads, subject }, descriptor, source, context);
  }

  /** Under a tag or its digest; all that it names must be there. Returns the digest that the registry gave it. */
  async putManifest(
    target: string,
    manifest: { readonly bytes: Uint8Array; readonly mediaType: string },
    signal: AbortSignal,
  ): Promise<string | null> {
    const { clock, calls, subject } = this.options;
    const retries = new Retries({ clock, limit: MANIFEST_RETRIES, patient: false });
    const headers = { 'content-type': manifest.mediaType };
    for (;;) {
      try {
        const put = { method: 'PUT', headers, body: () => manifest.bytes } as const;
        const answer = await calls.send(this.url(`manifests/${target}`), put, signal);
        if (answer.status !== 201 && answer.status !== 200) {
          throw await calls.failure(answer, { ...subject, kind: 'upload' });
        }
        await answer.discard();
        return answer.header('docker-content-digest');
      } catch (thrown) {
        await retries.waitAfter(thrown, signal);
      }
    }
  }

  /** Of the repository, as the registry sorts them; at most `limit`. */
  tags(limit: number, signal: AbortSignal): Promise<readonly string[]> {
    const { calls, subject } = this.options;
    return firstOf(readListing({ calls, url: this.url('tags/list'), subject }, 'tags', signal), limit);
  }

  /** By digest; many registries do not let anybody. */
  async deleteManifest(digest: Digest, signal: AbortSignal): Promise<void> {
    const { calls } = this.options;
    const subject = { ...this.options.subject, kind: 'delete' } as const;
    const answer = await calls.send(this.url(`manifests/${digest}`), { method: 'DELETE' }, signal);
    if (answer.status !== 202 && answer.status !== 200) throw await calls.failure(answer, subject);
    await answer.discard();
  }

  /** What was attached to the manifest of this digest; at most `limit`. */
  referrers(
    digest: Digest,
    artifactType: string | null,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly RemoteReferrer[]> {
    const { calls, subject } = this.options;
    const base = this.url('');
    return firstOf(readReferrers({ calls, base, subject, digest, artifactType }, signal), limit);
  }

  private url(rest: string): URL {
    return new URL(`v2/${this.options.path}/${rest}`, this.options.calls.base);
  }

  /** As fast as downloads may be. */
  private async *bounded(
    answer: Answer,
    { digest, size }: Descriptor,
    offset: number,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    let left = size - offset;
    for await (const chunk of answer.body) {
      left -= chunk.byteLength;
      if (left < 0) throw tooLarge(digest);
      await this.options.throttle.take(chunk.byteLength, signal);
      yield chunk;
    }
  }

  private async readWhole(
    descriptor: Descriptor,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    if (descriptor.size > maxBytes) throw tooLarge(descriptor.digest);
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await this.blob(descriptor, 0, signal)).bytes) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
}

/** Whether a partial answer is the part that was asked for (RFC 9110, 14.4). */
function startsAt(answer: Answer, offset: number, size: number): boolean {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.header('content-range') ?? '');
  return match !== null && Number(match[1]) === offset && (match[2] === '*' || Number(match[2]) === size);
}

function tooLarge(digest: Digest): EngineError {
  return new EngineError('invalid-argument', 'The registry sends more bytes than the image says it has.', {
    detail: { step: 'size', path: digest },
    hint: 'The image is damaged in the registry; it has to be pushed again.',
  });
}
