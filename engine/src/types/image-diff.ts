import type { FileType } from './directory-entry.ts';

/**
 * A path in which two images differ: in content, kind, permissions, owner or where a link leads. The time of a change
 * alone makes no difference.
 */
export interface ImageFileDifference {
  /** Absolute. */
  readonly path: string;
  /** From the first image to the second. */
  readonly change: 'added' | 'changed' | 'removed';
  /** Null of what was added. */
  readonly before: ImageFileState | null;
  /** Null of what was removed. */
  readonly after: ImageFileState | null;
}

export interface ImageFileState {
  readonly type: FileType;
  readonly sizeBytes: number;
  /** As in stat(2): the kind of file and its permissions. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a symbolic link; else null. */
  readonly linkTarget: string | null;
}
