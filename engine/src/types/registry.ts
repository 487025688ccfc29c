/** A registry that we know how to sign in to; its secret never leaves the engine. */
export interface RegistrySignIn {
  /** Host with port: `docker.io`, `localhost:5000`. */
  readonly registry: string;
  /** Null where only a token or a helper program knows. */
  readonly username: string | null;
  /** Ours, or one that `docker login` made. */
  readonly source: 'longshore' | 'docker';
}
