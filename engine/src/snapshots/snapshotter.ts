import type { Digest } from '../oci/index.ts';

/**
 * Unpacked layers, each an independent directory named by its ChainID.
 *
 * - A layer is visible (in `list`, to containers) only once its compressed bytes had the digest and the size and its
 *   tar stream the DiffID that were asked for. A failed or aborted unpack leaves nothing behind.
 * - Layers of one image may unpack side by side: `unpack` of a layer resolves after its parent is there, and
 *   waits for a parent that is being unpacked.
 * - Unpacking a layer that is there already reads nothing and says `existed`.
 */
export interface Snapshotter {
  /**
   * Reads the file `layer.path` as far as `available` says, while another still writes it. `available` yields
   * growing byte counts and ends after the last, which is `layer.size`; when it throws, the unpack fails.
   *
   * Content that is damaged, hostile or not what was asked for fails with `invalid-argument` and the `detail.step`
   * `digest`, `size`, `diff-id`, `chain-id`, `decompress`, `tar`, `entry` or `media-type`; a full disk with
   * `detail.errno` `ENOSPC`; an abort with `cancelled`.
   */
  unpack(
    layer: LayerSource,
    available: AsyncIterable<number>,
    options: UnpackOptions,
  ): Promise<UnpackedLayer>;
  list(options?: SnapshotterCallOptions): Promise<readonly Snapshot[]>;
  /**
   * Unknown ones are no error. When one of them is used by a container, or is the parent of a layer that stays,
   * fails with `conflict`.
   */
  remove(
    chainIds: readonly Digest[],
    options?: SnapshotterCallOptions,
  ): Promise<{ readonly freedBytes: number }>;
  /**
   * A stream as it was before gzip, zstd, bzip2 or xz compressed it; any other stream as it is. Its first six bytes come
   * in one piece. The work is done elsewhere than in this process, no further ahead than a few pieces. Damaged or cut off, or a window of more than 128 MiB:
   * `invalid-argument` with the step `decompress`.
   */
  decompress(bytes: AsyncIterable<Uint8Array>, options?: SnapshotterCallOptions): AsyncIterable<Uint8Array>;
}

export interface SnapshotterCallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface LayerSource {
  readonly chainId: Digest;
  /** Null for the lowest layer. */
  readonly parentChainId: Digest | null;
  readonly diffId: Digest;
  /** Of the compressed bytes. */
  readonly digest: Digest;
  /** Of the compressed bytes. */
  readonly size: number;
  readonly mediaType: string;
  /** Absolute. */
  readonly path: string;
}

export interface UnpackOptions {
  readonly signal: AbortSignal;
  /** Compressed bytes hashed and unpacked so far. */
  readonly onProgress?: (unpackedBytes: number) => void;
}

export interface UnpackedLayer {
  /** Bytes of disk, of one that existed as well. */
  readonly usageBytes: number;
  /** Entries of the archive; 0 when it existed. */
  readonly entries: number;
  readonly existed: boolean;
}

export interface Snapshot {
  readonly chainId: Digest;
  readonly parentChainId: Digest | null;
  readonly usageBytes: number;
}
