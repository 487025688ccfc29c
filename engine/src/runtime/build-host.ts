import type { FilesTarget } from './container-files.ts';
import type { CallOptions } from './requests.ts';

/** A layer that was made of a container's files. */
export interface CommittedLayer {
  readonly chainId: string;
  readonly diffId: string;
  /** Bytes of disk. */
  readonly usageBytes: number;
  /** Of its archive. */
  readonly entries: number;
}

export interface CommitLayerOrder {
  readonly id: string;
  /** What the container's root is made of, lowest first. */
  readonly chainIds: readonly string[];
  /** The layer stands on this one; null: on none. */
  readonly parent: string | null;
  /** No time of a file is later, in seconds since 1970; null: times are as they are. */
  readonly latestMtime: number | null;
}

export interface WalkedFile {
  /** From the walk's root; empty of itself. */
  readonly path: string;
  /** As in stat(2): the kind of file and its permissions. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly linkTarget: string;
  /** SHA-256 in hex of content and extended attributes; empty of all but regular files, and when not asked for. */
  readonly digest: string;
  /** Of files that the engine itself reads. */
  readonly modifiedAt?: Date;
}

export interface WalkedRoot {
  /** The path that was asked for, without links. */
  readonly resolved: string;
  /** A folder before what is in it. */
  readonly files: readonly WalkedFile[];
}

/** One thing to copy, without what is in it. */
export interface CopiedFile {
  /** Absolute, without links. */
  readonly source: string;
  /** Absolute. */
  readonly target: string;
  /** Permissions; null: as they are. */
  readonly mode: number | null;
}

/** What building images needs of the machine, besides what containers need: fulfilled by the agent over gRPC. */
export interface BuildHost {
  /** Of a container that does not run, which is only good to be deleted afterwards. */
  commitLayer(order: CommitLayerOrder, options?: CallOptions): Promise<CommittedLayer>;
  /** The layer as a tar archive, as its DiffID has it; of one that `commitLayer` has made. */
  readLayer(chainId: string, options?: CallOptions): AsyncIterable<Uint8Array>;
  /** What is at a path of the root that layers make; its links are followed there. `not-found` when nothing is. */
  walk(
    chainIds: readonly string[],
    path: string,
    digests: boolean,
    options?: CallOptions,
  ): Promise<WalkedRoot>;
  /** From the root that layers make into a container that does not run, or a volume. `owner`: null leaves owners. */
  copy(
    from: readonly string[],
    files: readonly CopiedFile[],
    to: FilesTarget,
    owner: string | null,
    options?: CallOptions,
  ): Promise<void>;
}
