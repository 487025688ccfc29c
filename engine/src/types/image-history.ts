/** One step of how an image was made. */
export interface ImageHistoryLine {
  /** Of the image that it ended in; null of the steps below. */
  readonly imageId: string | null;
  /** That image's names; empty of the steps below. */
  readonly references: readonly string[];
  /** ISO 8601; null when its maker did not say. */
  readonly createdAt: string | null;
  readonly createdBy: string;
  readonly comment: string;
  /** That it made; null when it changed no file. */
  readonly layer: { readonly digest: string; readonly diffId: string } | null;
  /** Bytes of disk that the layer takes, unpacked. */
  readonly sizeBytes: number;
}
