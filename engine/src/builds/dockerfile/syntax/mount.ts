/** A mount of RUN, its variables known. Paths are as written: relative ones are meant from the working directory. */
export type Mount = BindMount | CacheMount | TmpfsMount | SecretMount | SshMount;

export interface BindMount {
  readonly type: 'bind';
  readonly target: string | null;
  readonly source: string;
  /** A stage, a named context or an image; null: the build context. */
  readonly from: string | null;
  readonly readOnly: boolean;
}

export interface CacheMount extends Ownership {
  readonly type: 'cache';
  readonly target: string | null;
  /** What shares the cache; null: the target's path. */
  readonly id: string | null;
  readonly sharing: 'shared' | 'private' | 'locked';
  /** What the cache begins with; null: nothing. */
  readonly from: string | null;
  readonly source: string;
  readonly readOnly: boolean;
}

export interface TmpfsMount {
  readonly type: 'tmpfs';
  readonly target: string | null;
  /** Bytes; null: no limit. */
  readonly size: number | null;
  readonly readOnly: boolean;
}

/** Shown as a file, as a variable (`env`), or both. */
export interface SecretMount extends Ownership {
  readonly type: 'secret';
  readonly id: string;
  /** The file; null with `env`: no file. */
  readonly target: string | null;
  readonly env: string | null;
  /** Without the secret the step fails. */
  readonly required: boolean;
}

export interface SshMount extends Ownership {
  readonly type: 'ssh';
  readonly id: string;
  /** The agent's socket; null: a path that the engine chooses. */
  readonly target: string | null;
  readonly required: boolean;
}

/** Null: the mount's default. */
interface Ownership {
  readonly mode: number | null;
  readonly uid: number | null;
  readonly gid: number | null;
}
