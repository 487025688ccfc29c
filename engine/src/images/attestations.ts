import { type ContentStore, digestOf } from '../content/index.ts';
import { type ErrorCode, isEngineError } from '../errors/index.ts';
import {
  attestationsOf,
  type Descriptor,
  type Digest,
  type ImageIndex,
  parseManifest,
} from '../oci/index.ts';
import type { ImageSource } from '../registry/index.ts';
import type { AttestationRecord } from './records.ts';

/** What the index of an image says of how it was made, in its registry. */
export interface RemoteAttestation {
  readonly manifest: Descriptor;
  readonly bytes: Uint8Array;
  /** Each once. */
  readonly blobs: readonly Descriptor[];
}

/** A build makes one for each image. */
const MAX_PER_IMAGE = 8;
/** Of a blob: an SBOM names every file of a large image in less. */
const MAX_BLOB_BYTES = 32 * 1024 * 1024;

const BAD: ReadonlySet<ErrorCode> = new Set(['not-found', 'invalid-argument', 'not-implemented']);

/**
 * Those of one image. An image is as good without: what is missing in the registry, damaged, or larger than such
 * documents are is left out.
 */
export async function findAttestations(
  source: ImageSource,
  { index, image }: { readonly index: ImageIndex; readonly image: Digest },
  signal: AbortSignal,
): Promise<readonly RemoteAttestation[]> {
  const found: RemoteAttestation[] = [];
  for (const { mediaType, digest, size } of attestationsOf(index, image).slice(0, MAX_PER_IMAGE)) {
    const manifest = { mediaType, digest, size };
    const attestation = await unlessBad(() => describe(source, manifest, signal));
    if (attestation?.blobs.every((blob) => blob.size <= MAX_BLOB_BYTES)) found.push(attestation);
  }
  return found;
}

/** Stores them with all that they are made of. Answers with those that are here whole. */
export async function storeAttestations(
  { source, content }: { readonly source: ImageSource; readonly content: ContentStore },
  attestations: readonly RemoteAttestation[],
  signal: AbortSignal,
): Promise<readonly AttestationRecord[]> {
  const stored: AttestationRecord[] = [];
  for (const { manifest, bytes, blobs } of attestations) {
    const record = await unlessBad(async () => {
      for (const blob of blobs) {
        if (await content.has(blob)) continue;
        await content.put(blob, await source.smallBlob(blob, MAX_BLOB_BYTES, signal));
      }
      await content.put(manifest, bytes);
      return { manifest, blobs: [...blobs] };
    });
    if (record !== null) stored.push(record);
  }
  return stored;
}

/** Those of one image that are in the store whole. */
export async function attestationsIn(
  content: ContentStore,
  { index, image }: { readonly index: ImageIndex; readonly image: Digest },
): Promise<readonly AttestationRecord[]> {
  const whole: AttestationRecord[] = [];
  for (const { mediaType, digest, size } of attestationsOf(index, image)) {
    const manifest = { mediaType, digest, size };
    const blobs = (await content.has(manifest)) ? blobsOf(await content.read(digest), manifest) : null;
    if (blobs === null) continue;
    const isHere = await Promise.all(blobs.map((blob) => content.has(blob)));
    if (isHere.every(Boolean)) whole.push({ manifest, blobs: [...blobs] });
  }
  return whole;
}

/** All that they are made of. */
export function attestedContent(
  attestations: readonly Pick<RemoteAttestation, 'manifest' | 'blobs'>[] = [],
): readonly Descriptor[] {
  return attestations.flatMap(({ manifest, blobs }) => [manifest, ...blobs]);
}

async function describe(
  source: ImageSource,
  manifest: Descriptor,
  signal: AbortSignal,
): Promise<RemoteAttestation | null> {
  const { bytes } = await source.manifest(manifest.digest, signal);
  if (digestOf(bytes) !== manifest.digest || bytes.byteLength !== manifest.size) return null;
  const blobs = blobsOf(bytes, manifest);
  return blobs === null ? null : { manifest, bytes, blobs };
}

/** Each once; null of what is an index. */
function blobsOf(bytes: Uint8Array, { mediaType }: Descriptor): readonly Descriptor[] | null {
  const parsed = parseManifest(bytes, mediaType);
  if (parsed.kind === 'index') return null;
  return [...new Map([...parsed.layers, parsed.config].map((blob) => [blob.digest, blob])).values()];
}

/** Null for what the registry does not have, or has in another form than it should. */
async function unlessBad<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (thrown) {
    if (isEngineError(thrown) && BAD.has(thrown.code)) return null;
    throw thrown;
  }
}
