/** One difference between a container's files and its image's. */
export interface FileChange {
  /** Absolute. Bytes that are no UTF-8 are replaced. */
  readonly path: string;
  readonly kind: 'modified' | 'added' | 'deleted';
}

/** What is at a path in a container. */
export interface PathStat {
  /** The path's last name; `/` of the root, `.` of what is in a directory (`x/.`). */
  readonly name: string;
  readonly sizeBytes: number;
  /** As in stat(2): the kind of file and its permissions. */
  readonly mode: number;
  /** ISO 8601, nanoseconds. */
  readonly modifiedAt: string;
  /** Of a symbolic link: where it ends up, absolute in the container, every link on the way followed; else null. */
  readonly linkTarget: string | null;
}

/** A tar archive as it arrives: first `stat` of the path it was asked for, then its bytes. */
export type ArchivePiece =
  { readonly kind: 'stat'; readonly stat: PathStat } | { readonly kind: 'data'; readonly data: Uint8Array };

/** Says that an archive has been unpacked wholly. */
export interface WrittenArchive {
  /** Of the archive. */
  readonly receivedBytes: number;
}

/** The image that a commit made. */
export interface CommittedImage {
  readonly id: string;
  /** Familiar form; null when it was given no name. */
  readonly reference: string | null;
}

/** What a container takes of the disk, besides its image. */
export interface ContainerUsage {
  readonly id: string;
  /** The writable layer, without what is mounted. */
  readonly writableBytes: number;
  readonly logBytes: number;
}
