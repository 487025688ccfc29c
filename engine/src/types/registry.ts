/** A registry that we know how to sign in to; its secret never leaves the engine. */
export interface RegistrySignIn {
  /** Host with port: `docker.io`, `localhost:5000`. */
  readonly registry: string;
  /** Null where only a token or a helper program knows. */
  readonly username: string | null;
  /** Ours, or one that `docker login` made. */
  readonly source: 'longshore' | 'docker';
}

/** An image that a search found. */
export interface FoundImage {
  /** As it is pulled: `debian`, `localhost:5000/team/app`. */
  readonly name: string;
  /** Empty where the registry knows none. */
  readonly description: string;
  readonly stars: number;
  readonly official: boolean;
}
