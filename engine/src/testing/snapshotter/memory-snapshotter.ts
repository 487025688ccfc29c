import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { digestOf } from '../../content/index.ts';
import { EngineError, toEngineError } from '../../errors/index.ts';
import { type Digest, parseDigest } from '../../oci/index.ts';
import type {
  LayerSource,
  Snapshot,
  Snapshotter,
  UnpackedLayer,
  UnpackOptions,
} from '../../snapshots/index.ts';

/**
 * A snapshotter that verifies as the real one does, reads the file while it grows, and keeps in memory what it has
 * seen. Layers are tar streams, bare or compressed by gzip.
 */
export class MemorySnapshotter implements Snapshotter {
  /** Layers that a container uses. */
  readonly inUse = new Set<Digest>();
  /** What `unpack` was asked for, in order. */
  readonly requests: LayerSource[] = [];
  private readonly snapshots = new Map<Digest, Snapshot>();
  private committed: (() => void)[] = [];
  private failure: EngineError | undefined;

  /** The next unpack fails with this, after it has read its first bytes. */
  failNext(error: EngineError): void {
    this.failure = error;
  }

  async unpack(
    layer: LayerSource,
    available: AsyncIterable<number>,
    { signal, onProgress }: UnpackOptions,
  ): Promise<UnpackedLayer> {
    this.requests.push(layer);
    const present = this.snapshots.get(layer.chainId);
    if (present !== undefined) return { usageBytes: present.usageBytes, entries: 0, existed: true };
    const bytes = await this.read(layer, available, signal, onProgress);
    verify(layer, 'size', String(bytes.byteLength), String(layer.size));
    verify(layer, 'digest', digestOf(bytes), layer.digest);
    const archive = await decompress(layer, bytes);
    verify(layer, 'diff-id', digestOf(archive), layer.diffId);
    verify(layer, 'chain-id', chainIdOf(layer), layer.chainId);
    if (layer.parentChainId !== null) await this.appearance(layer.parentChainId, signal);
    const { chainId, parentChainId } = layer;
    this.snapshots.set(chainId, { chainId, parentChainId, usageBytes: archive.byteLength });
    for (const wake of this.committed.splice(0)) wake();
    return { usageBytes: archive.byteLength, entries: countEntries(archive), existed: false };
  }

  /** A layer that was made here, and not of an archive. */
  adopt(snapshot: Snapshot): void {
    this.snapshots.set(snapshot.chainId, snapshot);
  }

  list(): Promise<readonly Snapshot[]> {
    return Promise.resolve([...this.snapshots.values()]);
  }

  remove(ids: readonly Digest[]): Promise<{ readonly freedBytes: number }> {
    const going = new Set(ids);
    const needed = [...this.snapshots.values()].flatMap(({ chainId, parentChainId }) =>
      parentChainId === null || going.has(chainId) ? [] : [parentChainId],
    );
    const refused = [...this.inUse, ...needed].find((chainId) => going.has(chainId));
    if (refused !== undefined) {
      return Promise.reject(
        new EngineError('conflict', `The layer ${refused} is needed.`, { detail: { step: 'remove' } }),
      );
    }
    let freedBytes = 0;
    for (const id of ids) {
      freedBytes += this.snapshots.get(id)?.usageBytes ?? 0;
      this.snapshots.delete(id);
    }
    return Promise.resolve({ freedBytes });
  }

  decompress(): AsyncIterable<Uint8Array> {
    throw new EngineError('not-implemented', 'Only gzip is unpacked without an agent.', {
      detail: { step: 'decompress' },
    });
  }

  private async read(
    layer: LayerSource,
    available: AsyncIterable<number>,
    signal: AbortSignal,
    onProgress: UnpackOptions['onProgress'],
  ): Promise<Uint8Array> {
    const file = await open(layer.path, 'r');
    const chunks: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const until of untilAborted(available, signal)) {
        const { buffer, bytesRead } = await file.read(
          Buffer.alloc(until - length),
          0,
          until - length,
          length,
        );
        chunks.push(buffer.subarray(0, bytesRead));
        length += bytesRead;
        this.throwFailure();
        onProgress?.(length);
      }
    } finally {
      await file.close();
    }
    this.throwFailure();
    return Buffer.concat(chunks);
  }

  private throwFailure(): void {
    const { failure } = this;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
  }

  private async appearance(chainId: Digest, signal: AbortSignal): Promise<void> {
    while (!this.snapshots.has(chainId)) {
      await new Promise<void>((resolve, reject) => {
        const abort = (): void => reject(toEngineError(signal.reason));
        if (signal.aborted) abort();
        signal.addEventListener('abort', abort, { once: true });
        this.committed.push(() => {
          signal.removeEventListener('abort', abort);
          resolve();
        });
      });
    }
  }
}

/** Ends with the signal's reason even while the source says nothing. */
async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = (): void => reject(toEngineError(signal.reason));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });
  aborted.catch(() => undefined);
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function decompress({ mediaType }: LayerSource, bytes: Uint8Array): Promise<Uint8Array> {
  if (!mediaType.endsWith('gzip')) return bytes;
  try {
    return await promisify(gunzip)(bytes);
  } catch (thrown) {
    throw new EngineError('invalid-argument', 'The layer cannot be decompressed.', {
      detail: { step: 'decompress' },
      cause: thrown,
    });
  }
}

function chainIdOf({ diffId, parentChainId }: LayerSource): Digest {
  if (parentChainId === null) return diffId;
  const hash = createHash('sha256').update(`${parentChainId} ${diffId}`);
  return parseDigest(`sha256:${hash.digest('hex')}`);
}

function verify({ digest }: LayerSource, step: string, actual: string, expected: string): void {
  if (actual === expected) return;
  throw new EngineError('invalid-argument', `The layer's ${step} is ${actual} instead of ${expected}.`, {
    detail: { step, path: digest },
  });
}

/** Headers of an archive: blocks of 512 bytes, each followed by its content, until two empty ones. */
function countEntries(archive: Uint8Array): number {
  let entries = 0;
  for (let at = 0; at + 512 <= archive.byteLength && archive[at] !== 0; entries++) {
    const size = parseInt(Buffer.from(archive.subarray(at + 124, at + 136)).toString('latin1'), 8) || 0;
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return entries;
}
