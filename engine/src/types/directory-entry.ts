export type FileType =
  'file' | 'directory' | 'link' | 'fifo' | 'socket' | 'character-device' | 'block-device' | 'unknown';

/** One name in a directory of a container or a volume. */
export interface DirectoryEntry {
  /** Bytes that are no UTF-8 are replaced. */
  readonly name: string;
  readonly type: FileType;
  readonly sizeBytes: number;
  /** As in stat(2): the kind of file and its permissions. */
  readonly mode: number;
  /** ISO 8601, nanoseconds. */
  readonly modifiedAt: string;
  /** Numbers as they are on the disk. */
  readonly uid: number;
  readonly gid: number;
  /** Of a symbolic link: as it is written; else null. */
  readonly linkTarget: string | null;
}
