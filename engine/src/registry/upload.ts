import { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import { EngineError } from '../errors/index.ts';
import type { Descriptor } from '../oci/index.ts';
import type { AuthorizedCalls } from './authorized-calls.ts';
import { onwardUrl } from './endpoint.ts';
import type { Subject } from './failures/refusal.ts';
import { TransientError } from './failures/transient-error.ts';
import { Retries } from './retries.ts';
import type { Answer } from './transport.ts';

/** A blob's bytes from `start` up to, not including, `end`. */
export type BlobSource = (start: number, end: number) => AsyncIterable<Uint8Array>;

export interface UploadContext {
  /** Paths of repositories of the same registry that may have the blob. */
  readonly sources: readonly string[];
  readonly signal: AbortSignal;
  /** Bytes that have been sent; may fall back after a failure. */
  readonly onProgress: (sentBytes: number) => void;
}

export interface UploadTarget {
  readonly calls: AuthorizedCalls;
  readonly clock: Clock;
  /** `.../v2/<path>/blobs/uploads/` */
  readonly uploads: URL;
  readonly subject: Subject;
  /** Blobs up to this size go in one request; a larger one in pieces, so that a cut costs one of them. */
  readonly pieceBytes: number;
}

const UPLOAD_RETRIES = 5;
const OCTETS = 'application/octet-stream';

/** Puts one blob into a repository (distribution-spec, "Pushing blobs"), mounted from another one where that works. */
export async function uploadBlob(
  target: UploadTarget,
  descriptor: Descriptor,
  source: BlobSource,
  context: UploadContext,
): Promise<'mounted' | 'uploaded'> {
  const retries = new Retries({ clock: target.clock, limit: UPLOAD_RETRIES, patient: true });
  for (;;) {
    try {
      const session = await begin(target, descriptor, context);
      if (session === 'mounted') return 'mounted';
      await new Upload(session, retries, { target, descriptor, source, context }).run();
      return 'uploaded';
    } catch (thrown) {
      await retries.waitAfter(thrown, context.signal);
    }
  }
}

/** Where the blob's bytes are to be sent, unless the registry has it already in one of the sources. */
async function begin(
  { calls, uploads, subject }: UploadTarget,
  { digest }: Descriptor,
  { sources, signal }: UploadContext,
): Promise<URL | 'mounted'> {
  for (const from of sources) {
    const url = new URL(uploads);
    url.searchParams.set('mount', digest);
    url.searchParams.set('from', from);
    const answer = await calls.send(url, { method: 'POST', headers: { 'content-length': '0' } }, signal);
    await answer.discard();
    if (answer.status === 201) return 'mounted';
    // The registry does not have it there, or does not tell us, and began an upload instead.
    if (answer.status === 202) return sessionOf(answer, uploads);
  }
  const answer = await calls.send(uploads, { method: 'POST', headers: { 'content-length': '0' } }, signal);
  if (answer.status !== 202) throw await calls.failure(answer, subject);
  await answer.discard();
  return sessionOf(answer, uploads);
}

interface UploadOrder {
  readonly target: UploadTarget;
  readonly descriptor: Descriptor;
  readonly source: BlobSource;
  readonly context: UploadContext;
}

/** One upload session: its address changes with each answer. */
class Upload {
  private readonly target: UploadTarget;
  private readonly descriptor: Descriptor;
  private readonly source: BlobSource;
  private readonly context: UploadContext;
  private readonly retries: Retries;
  private session: URL;

  constructor(session: URL, retries: Retries, { target, descriptor, source, context }: UploadOrder) {
    this.session = session;
    this.retries = retries;
    this.target = target;
    this.descriptor = descriptor;
    this.source = source;
    this.context = context;
  }

  async run(): Promise<void> {
    const { size } = this.descriptor;
    const { pieceBytes } = this.target;
    if (size <= pieceBytes) return this.finish(0, size);
    let start = 0;
    while (start < size) {
      const end = Math.min(start + pieceBytes, size);
      start = await this.piece(start, end);
    }
    return this.finish(size, size);
  }

  /** Sends a piece; returns where the next one begins. */
  private async piece(start: number, end: number): Promise<number> {
    const { calls, subject } = this.target;
    try {
      const headers = {
        'content-type': OCTETS,
        'content-length': String(end - start),
        'content-range': `${start}-${end - 1}`,
      };
      const patch = { method: 'PATCH', headers, body: () => this.read(start, end) } as const;
      const answer = await calls.send(this.session, patch, this.context.signal);
      if (answer.status !== 202) throw await calls.failure(answer, subject);
      await answer.discard();
      this.session = sessionOf(answer, this.session);
      this.retries.reset();
      return end;
    } catch (thrown) {
      await this.retries.waitAfter(thrown, this.context.signal);
      return this.received(thrown);
    }
  }

  /** How many bytes have arrived, after a piece that did not go well. */
  private async received(failure: unknown): Promise<number> {
    const answer = await this.target.calls.get(this.session, {}, this.context.signal);
    await answer.discard();
    if (answer.status !== 204) throw failure;
    this.session = sessionOf(answer, this.session);
    const last = /^(?:bytes=)?0-(\d+)$/.exec(answer.header('range') ?? '')?.[1];
    const received = last === undefined ? 0 : Number(last) + 1;
    this.context.onProgress(received);
    return received;
  }

  /** The last request, with the digest that all bytes must have. */
  private async finish(start: number, end: number): Promise<void> {
    const { calls, subject } = this.target;
    const url = new URL(this.session);
    url.searchParams.set('digest', this.descriptor.digest);
    const headers = { 'content-type': OCTETS, 'content-length': String(end - start) };
    const put = { method: 'PUT', headers, body: () => this.read(start, end) } as const;
    const answer = await calls.send(url, put, this.context.signal);
    if (answer.status !== 201 && answer.status !== 204) throw await calls.failure(answer, subject);
    await answer.discard();
  }

  private read(start: number, end: number): Uint8Array | Readable {
    if (start === end) return new Uint8Array();
    return Readable.from(this.counted(start, end), { objectMode: false });
  }

  private async *counted(start: number, end: number): AsyncGenerator<Uint8Array> {
    let sent = start;
    for await (const chunk of this.source(start, end)) {
      yield chunk;
      sent += chunk.byteLength;
      this.context.onProgress(sent);
    }
    if (sent !== end) {
      throw new EngineError('failed-precondition', 'A part of the image on this machine has another size.', {
        detail: { step: 'size', path: this.descriptor.digest },
        hint: 'Pull the image again.',
      });
    }
  }
}

function sessionOf(answer: Answer, from: URL): URL {
  const location = answer.header('location');
  if (location !== null) return onwardUrl(from, location);
  throw new TransientError(`${from.host} begins an upload without saying where.`, {
    detail: { step: 'upload', path: from.host },
  });
}
