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

export interface VolumeMount {
  readonly type: 'volume';
  /** The volume's name. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** Leave an empty volume empty: else what the image has at the target is copied into it. */
  readonly noCopy: boolean;
  /** A folder in the volume, which must exist when the container starts; empty: the volume as a whole. */
  readonly subpath: string;
  /** Nobody named the volume: it can go with the last container that has it. */
  readonly anonymous: boolean;
}

export type ContainerMount = BindMount | TmpfsMount | VolumeMount;
