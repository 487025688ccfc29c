export interface CopyOptions {
  /** To a container: its user owns what arrives. */
  readonly archive: boolean;
  /** A link that is the source stands for what it leads to. */
  readonly followLink: boolean;
  readonly quiet: boolean;
}
