/** A container that an image cannot be taken away from. */
export interface ImageUser {
  readonly id: string;
  readonly name: string;
  readonly running: boolean;
}

/** Who uses images: fulfilled by containers/. */
export interface ImageUse {
  usersOf(imageId: string): readonly ImageUser[];
}
