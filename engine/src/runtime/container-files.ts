import type { ArchivePiece, ContainerUsage, DirectoryEntry, FileChange, PathStat } from '../types/index.ts';
import type { CallOptions } from './requests.ts';

export interface ContainerTarget {
  readonly id: string;
  /** With it a container that has never run has files too. */
  readonly rootfs: { readonly chainIds: readonly string[]; readonly readOnly: boolean };
}

export interface VolumeTarget {
  /** Its name. */
  readonly volume: string;
}

/** Whose files. */
export type FilesTarget = ContainerTarget | VolumeTarget;

export interface WriteArchiveOptions extends CallOptions {
  /** Fail where a directory would replace something else, or something else a directory. */
  readonly noOverwriteDirNonDir: boolean;
  /** Who is to own everything, as in an image config (in a volume only numbers); null: everyone's are the archive's. */
  readonly owner: string | null;
}

/**
 * The files of containers, running and stopped, and of volumes. The agent fulfils it over gRPC; testing/runtime fulfils
 * it in memory; one contract suite (testing/runtime/describe-files.ts) holds both to what is written here.
 *
 * Of a running container the files are as it sees them, its mounts included; of a stopped one they are the image and
 * its writable layer. Paths are the container's or the volume's: links in them lead nowhere else, and a relative one
 * begins at its root. Archives are tar; a reader that is slow holds their making back. A path that is not there fails
 * `not-found`; a change where the place is read-only fails `permission-denied`.
 */
export interface ContainerFiles {
  /** What differs from the image: by path, parents before children. */
  changes(target: ContainerTarget, options?: CallOptions): AsyncIterable<readonly FileChange[]>;
  /** A link at the path's end is not followed, unless the path ends in `/` or `/.`. */
  stat(target: FilesTarget, path: string, options?: CallOptions): Promise<PathStat>;
  /** The names in a directory, in order; a link at the path's end is followed. */
  list(target: FilesTarget, path: string, options?: CallOptions): AsyncIterable<readonly DirectoryEntry[]>;
  /** A file or a whole directory; the first entry bears the path's last name. First piece `stat`. */
  readArchive(target: FilesTarget, path: string, options?: CallOptions): AsyncIterable<ArchivePiece>;
  /**
   * Unpacks an archive, plain or compressed (gzip, zstd, bzip2, xz), into a directory that exists; resolves when every byte
   * is in place. What was written before a failure stays.
   */
  writeArchive(
    target: FilesTarget,
    path: string,
    archive: AsyncIterable<Uint8Array>,
    options: WriteArchiveOptions,
  ): Promise<void>;
  /** A link, not what it leads to. A directory with something in it, without `recursive`: `failed-precondition`. */
  remove(target: FilesTarget, path: string, recursive: boolean, options?: CallOptions): Promise<void>;
  /** In a directory that exists. Something is there: `already-exists`. */
  makeDirectory(target: FilesTarget, path: string, mode: number, options?: CallOptions): Promise<PathStat>;
  /** Within one mount. Something is at the new path: `already-exists`. */
  rename(target: FilesTarget, path: string, newPath: string, options?: CallOptions): Promise<PathStat>;
  /** The whole root, without what is mounted in it. */
  export(target: ContainerTarget, options?: CallOptions): AsyncIterable<Uint8Array>;
  /** What differs from the image as an OCI layer with whiteouts; the same bytes for the same files. */
  layer(target: ContainerTarget, options?: CallOptions): AsyncIterable<Uint8Array>;
  /** Measures one after another; no ids: all. One that is not known, or has written nothing, may be left out. */
  usage(ids: readonly string[], options?: CallOptions): AsyncIterable<ContainerUsage>;
}
