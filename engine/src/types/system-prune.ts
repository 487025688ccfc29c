/** Something that pruning would remove, and the bytes of disk that go with it. */
export interface PrunableItem {
  /** Of a volume its name. */
  readonly id: string;
  /** As a person calls it. */
  readonly name: string;
  readonly bytes: number;
}

/** What pruning the system would remove, as things are. */
export interface PrunableSystem {
  readonly containers: readonly PrunableItem[];
  readonly networks: readonly PrunableItem[];
  /** Empty unless volumes were asked for. */
  readonly volumes: readonly PrunableItem[];
  /** With those that only the containers above need. `bytes`: what goes with this image alone. */
  readonly images: readonly PrunableItem[];
  readonly buildCache: readonly PrunableItem[];
  /** All of it together: layers that several of the images share go as well. */
  readonly freedBytes: number;
}

export interface PrunedSystem {
  /** Ids. */
  readonly containers: readonly string[];
  /** Names. */
  readonly networks: readonly string[];
  /** Names. */
  readonly volumes: readonly string[];
  readonly images: { readonly untagged: readonly string[]; readonly deleted: readonly string[] };
  /** Ids. */
  readonly buildCache: readonly string[];
  readonly freedBytes: number;
}
