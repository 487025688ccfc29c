import type { Digest } from '../../oci/index.ts';

/** Bytes of disk of each blob and of each layer. */
export interface Stock {
  readonly blobs: ReadonlyMap<Digest, number>;
  readonly layers: ReadonlyMap<Digest, number>;
}

/** Blobs, and layers by their ChainIDs. */
export interface Content {
  readonly digests: ReadonlySet<Digest>;
  readonly chainIds: ReadonlySet<Digest>;
}
