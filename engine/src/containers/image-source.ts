import type { ContainerRequest } from '../contract/index.ts';
import type { CommitOrder } from '../images/index.ts';
import type { CommittedImage, ImageRunConfig } from '../types/index.ts';

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

/** Where images come from: fulfilled by images/. */
export interface ImageSource {
  /**
   * By reference, id, or unambiguous beginning of an id; fails `not-found`. `claim` is called with the id in the moment
   * the image is found: if the image has a user from then on, it stays. Without a platform: that of this machine, of an
   * image for several.
   */
  resolve(
    image: string,
    claim: (imageId: string) => void,
    platform?: ContainerRequest['platform'],
  ): Promise<ContainerImage>;
  /** Makes an image of a container's files; fails `invalid-argument` before it reads any of them. */
  commit(order: CommitOrder, signal: AbortSignal): Promise<CommittedImage>;
  /** A container that was made from the image is gone for good. */
  released(imageId: string): void;
}
