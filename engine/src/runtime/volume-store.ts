import type { VolumeUsage } from '../types/index.ts';
import type { CallOptions } from './requests.ts';

/** What a volume is made as. */
export interface VolumeSpec {
  readonly name: string;
  /** Of the `local` driver. */
  readonly options: Readonly<Record<string, string>>;
  /** What the engine knows of it, as text: kept with the data, into the trash and out of it. */
  readonly record: string;
}

export interface StoredVolume {
  readonly spec: VolumeSpec;
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface StoredTrash {
  /** 32 hex digits. */
  readonly id: string;
  readonly spec: VolumeSpec;
  readonly removedAt: string;
  readonly sizeBytes: number;
}

/** What of the trash is to go: these, or what is too old or, the oldest first, too much. */
export type TrashPurge =
  { readonly ids: readonly string[] } | { readonly removedBefore: string; readonly maxBytes: number };

/**
 * The data of volumes on the machine that runs the containers. The agent fulfils it over gRPC; testing/volumes fulfils
 * it in memory; one contract suite (testing/volumes/describe-volume-store.ts) holds both to what is written here.
 *
 * What changes a volume as a whole happens wholly or not at all. `trashId` is new, 32 hex digits. An unknown volume
 * fails `not-found`; one that a running container has, or that something else reads, fails `conflict` where it would
 * be removed or get another content.
 */
export interface VolumeStore {
  /** False: one with the same options is there. `already-exists` with others, or when a name differs only in case. */
  create(spec: VolumeSpec, options?: CallOptions): Promise<boolean>;
  /** By name. */
  list(options?: CallOptions): Promise<readonly StoredVolume[]>;
  /** Into the trash, or with null for good; answers how many bytes were freed. */
  remove(name: string, trashId: string | null, options?: CallOptions): Promise<number>;
  /**
   * Fills an empty volume with what an image has in a folder. False, and nothing happened: the volume is not empty or
   * in use, its driver mounts it, or the image has no such folder.
   */
  copyUp(name: string, chainIds: readonly string[], path: string, options?: CallOptions): Promise<boolean>;
  /** A new volume with the data of another. */
  clone(source: string, spec: VolumeSpec, options?: CallOptions): Promise<void>;
  /** Its content goes into the trash. False: there was none. */
  empty(name: string, trashId: string, options?: CallOptions): Promise<boolean>;
  /**
   * A volume with what a tar archive holds. One of this name is there: `already-exists`, or with `trashId` it gets this
   * content, and its former one goes into the trash.
   */
  import(
    spec: VolumeSpec,
    trashId: string | null,
    archive: AsyncIterable<Uint8Array>,
    options?: CallOptions,
  ): Promise<void>;
  /** What is in it as a tar archive. */
  export(name: string, options?: CallOptions): AsyncIterable<Uint8Array>;
  /** Measures one after another; none: all. */
  usage(names: readonly string[], options?: CallOptions): AsyncIterable<VolumeUsage>;
  /** Latest first. */
  trash(options?: CallOptions): Promise<readonly StoredTrash[]>;
  /** Under its own name, or another. */
  restore(trashId: string, name: string | null, options?: CallOptions): Promise<VolumeSpec>;
  /** For good. Unknown ids are no error. */
  purge(
    what: TrashPurge,
    options?: CallOptions,
  ): Promise<{ readonly ids: readonly string[]; readonly freedBytes: number }>;
}

/** Names of volumes that are builds' own begin with it: nobody else's lists show them. */
export const BUILD_VOLUMES = 'longshore-build-';
