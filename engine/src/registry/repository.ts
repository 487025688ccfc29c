import type { Clock } from '../clock.ts';
import { EngineError } from '../errors/index.ts';
import { type Descriptor, type Digest, MANIFEST_ACCEPT, MAX_MANIFEST_BYTES } from '../oci/index.ts';
import type { Authenticator } from './authenticator.ts';
import { readBounded, readRefusal } from './body.ts';
import { refusalFailure, type Subject } from './failure.ts';
import { Retries } from './retries.ts';
import type { Answer, Transport } from './transport.ts';

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
  readonly transport: Transport;
  readonly clock: Clock;
  readonly authenticator: Authenticator;
  /** Of the registry: `https://registry-1.docker.io/`. */
  readonly base: URL;
  /** Path of the repository: `library/debian`. */
  readonly path: string;
  readonly subject: Subject;
}

const MANIFEST_RETRIES = 3;

/** One repository of a registry that has answered (distribution-spec, "Pull"). */
export class Repository {
  private readonly options: RepositoryOptions;

  constructor(options: RepositoryOptions) {
    this.options = options;
  }

  /** `target`: a tag or a digest. Trouble that may pass is borne a few times. */
  async manifest(target: string, signal: AbortSignal): Promise<RemoteManifest> {
    const { clock, base, path } = this.options;
    const url = new URL(`v2/${path}/manifests/${target}`, base);
    const retries = new Retries({ clock, limit: MANIFEST_RETRIES, patient: false });
    for (;;) {
      try {
        const answer = await this.get(url, { accept: MANIFEST_ACCEPT.join(', ') }, signal);
        if (answer.status !== 200) throw await this.failure(answer, this.options.subject);
        const bytes = await readBounded(answer, MAX_MANIFEST_BYTES, 'image manifest');
        return { bytes, contentType: answer.header('content-type') };
      } catch (thrown) {
        await retries.waitAfter(thrown, signal);
      }
    }
  }

  /** From `offset` on, as far as the connection holds. One attempt: who reads knows best where to go on. */
  async blob(descriptor: Descriptor, offset: number, signal: AbortSignal): Promise<RemoteBlob> {
    const { base, path, subject } = this.options;
    const url = new URL(`v2/${path}/blobs/${descriptor.digest}`, base);
    const range: Record<string, string> = offset === 0 ? {} : { range: `bytes=${offset}-` };
    const answer = await this.get(url, range, signal);
    if (answer.status === 206 && startsAt(answer, offset, descriptor.size)) {
      return { offset, bytes: bounded(answer, descriptor, offset) };
    }
    if (answer.status === 200) return { offset: 0, bytes: bounded(answer, descriptor, 0) };
    if (offset > 0 && (answer.status === 416 || answer.status === 206)) {
      await answer.discard();
      return this.blob(descriptor, 0, signal);
    }
    throw await this.failure(answer, { ...subject, kind: 'blob', target: descriptor.digest });
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

  /** With our authorization; a 401 of the registry itself, not of a host it redirects to, is answered once. */
  private async get(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Answer> {
    const { transport, authenticator, base } = this.options;
    const authorization = authenticator.authorization;
    const answer = await transport.get(url, { headers, authorization, signal });
    if (answer.status !== 401 || answer.origin !== base.origin) return answer;
    const challenge = answer.header('www-authenticate');
    const another = await authenticator.answer(base, challenge, authorization);
    if (!another) return answer;
    await answer.discard();
    return transport.get(url, { headers, authorization: authenticator.authorization, signal });
  }

  private async failure(answer: Answer, subject: Subject): Promise<EngineError> {
    const { authenticator, clock } = this.options;
    return refusalFailure(await readRefusal(answer, authenticator.signedIn, clock.now()), subject);
  }
}

/** Whether a partial answer is the part that was asked for (RFC 9110, 14.4). */
function startsAt(answer: Answer, offset: number, size: number): boolean {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.header('content-range') ?? '');
  return match !== null && Number(match[1]) === offset && (match[2] === '*' || Number(match[2]) === size);
}

async function* bounded(
  answer: Answer,
  { digest, size }: Descriptor,
  offset: number,
): AsyncGenerator<Uint8Array> {
  let left = size - offset;
  for await (const chunk of answer.body) {
    left -= chunk.byteLength;
    if (left < 0) throw tooLarge(digest);
    yield chunk;
  }
}

function tooLarge(digest: Digest): EngineError {
  return new EngineError('invalid-argument', 'The registry sends more bytes than the image says it has.', {
    detail: { step: 'size', path: digest },
    hint: 'The image is damaged in the registry; it has to be pushed again.',
  });
}
