import type { FileType } from './directory-entry.ts';

/** What one layer of an image says of one path. */
export interface ImageLayerFile {
  /** Absolute. Bytes that are no UTF-8 are replaced. */
  readonly path: string;
  /**
   * `present`: the layer brings it, or changes it. `deleted`: it was in a layer below. `emptied`: a directory whose
   * content of the layers below is gone.
   */
  readonly change: 'present' | 'deleted' | 'emptied';
  /** Of what is present; a deletion does not know what it deletes. */
  readonly type: FileType;
  readonly sizeBytes: number;
  /** As in stat(2): the kind of file and its permissions. */
  readonly mode: number;
  /** ISO 8601. */
  readonly modifiedAt: string;
  readonly uid: number;
  readonly gid: number;
  /** Of a symbolic link: as it is written. Of a further name of a file: the path of the first. Else null. */
  readonly linkTarget: string | null;
}

/** A layer that has something to say of a path. */
export interface ImageFileOrigin {
  /** 0 is the lowest. */
  readonly layerIndex: number;
  readonly layer: { readonly digest: string; readonly diffId: string };
  /** Of the path itself, or of a directory above it that was deleted or emptied. */
  readonly file: ImageLayerFile;
}
