import type { ImageRunConfig } from '../types/index.ts';

/** An image as a container needs it. */
export interface ContainerImage {
  /** Digest of the image config. */
  readonly id: string;
  /** Familiar form, as it was asked for. */
  readonly reference: string;
  /** `linux/amd64`. */
  readonly platform: string;
  /** Of its unpacked layers, lowest first. */
  readonly chainIds: readonly string[];
  readonly config: ImageRunConfig;
}

export interface ImageSource {
  /** By reference, id, or unambiguous beginning of an id; fails `not-found`. */
  resolve(image: string): Promise<ContainerImage>;
}
