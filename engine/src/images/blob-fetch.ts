import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../clock.ts';
import type { ContentStore, Ingest } from '../content/index.ts';
import { EngineError, isEngineError } from '../errors/index.ts';
import type { Descriptor } from '../oci/index.ts';
import { type ImageSource, Retries, TransientError } from '../registry/index.ts';
import type { Slots } from '../slots.ts';
import { appendBlob } from './append-blob.ts';

export interface BlobFetchParts {
  readonly content: ContentStore;
  readonly clock: Clock;
  /** Downloads of all pulls together. */
  readonly slots: Slots;
}

export interface BlobFetchOptions {
  readonly repository: Pick<ImageSource, 'blob'>;
  readonly signal: AbortSignal;
  readonly report: (downloadedBytes: number) => void;
}

/** Failures in a row without a new byte between them. */
const RETRIES = 5;

/**
 * Gets the blob of a layer that is unpacked already: after its image was removed while a container ran on it, or when
 * the engine was killed between the unpacking and the storing. Nobody else reads these bytes, so they are hashed here.
 */
export async function fetchBlob(
  parts: BlobFetchParts,
  blob: Descriptor,
  options: BlobFetchOptions,
): Promise<void> {
  const ingest = await parts.content.ingest(blob, options.signal);
  if (ingest === null) return;
  try {
    await parts.slots.run(() => download(parts, ingest, blob, options), options.signal);
    await verify(ingest, blob, options.signal);
  } catch (thrown) {
    if (isEngineError(thrown, 'invalid-argument')) await ingest.discard();
    else await ingest.suspend();
    throw thrown;
  }
  await ingest.commit();
}

async function download(
  { clock }: BlobFetchParts,
  ingest: Ingest,
  blob: Descriptor,
  options: BlobFetchOptions,
): Promise<void> {
  const retries = new Retries({ clock, limit: RETRIES, patient: true });
  while (!ingest.complete) {
    const before = ingest.written;
    try {
      await append(ingest, blob, options);
    } catch (thrown) {
      if (ingest.written > before) retries.reset();
      await retries.waitAfter(thrown, options.signal);
    }
  }
}

/** One request's worth; fails when that was not all of the rest. */
async function append(
  ingest: Ingest,
  blob: Descriptor,
  { repository, signal, report }: BlobFetchOptions,
): Promise<void> {
  const remote = await repository.blob(blob, ingest.written, signal);
  await appendBlob(ingest, remote, () => report(ingest.written));
  if (ingest.complete) return;
  throw new TransientError(`The registry sends ${ingest.written} bytes of a layer that has ${blob.size}.`, {
    detail: { step: 'size', path: blob.digest },
    hint: 'Pull again; if it fails again, the image is damaged in the registry.',
  });
}

async function verify({ path }: Ingest, { digest }: Descriptor, signal: AbortSignal): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash, { signal });
  if (`sha256:${hash.digest('hex')}` === digest) return;
  throw new EngineError(
    'invalid-argument',
    'The registry served other bytes than the image is made of (digest).',
    {
      detail: { step: 'digest', path: digest },
      hint: 'Pull again; if it fails again, the image is damaged in the registry, or something between alters it.',
    },
  );
}
