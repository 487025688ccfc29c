export type MountPropagation = 'private' | 'rprivate' | 'shared' | 'rshared' | 'slave' | 'rslave';

export interface BindMount {
  readonly type: 'bind';
  /** Absolute path on the machine that runs the engine. */
  readonly source: string;
  /** Absolute path in the container. */
  readonly target: string;
  readonly readOnly: boolean;
  /** Make a missing source folder, as `-v` does; otherwise it is an error. */
  readonly createSource: boolean;
  readonly propagation: MountPropagation;
  /** With what is mounted below the source. */
  readonly recursive: boolean;
}

export interface TmpfsMount {
  readonly type: 'tmpfs';
  readonly target: string;
  readonly sizeBytes: number | null;
  /** Permission bits; null is 1777. */
  readonly mode: number | null;
  /** As mount(8) writes them, besides size and mode: `exec`, `uid=1000`. */
  readonly options: readonly string[];
}

export type ContainerMount = BindMount | TmpfsMount;
