export interface BindMount {
  readonly type: 'bind';
  /** Absolute path on the machine that runs the engine. */
  readonly source: string;
  /** Absolute path in the container. */
  readonly target: string;
  readonly readOnly: boolean;
  /** Make a missing source folder, as `-v` does; otherwise it is an error. */
  readonly createSource: boolean;
}

export interface TmpfsMount {
  readonly type: 'tmpfs';
  readonly target: string;
  readonly sizeBytes: number | null;
}

export type ContainerMount = BindMount | TmpfsMount;

/** Limits; null is "no limit". Docker's meanings. */
export interface ContainerResources {
  readonly memoryBytes: number | null;
  /** Memory plus swap; -1 is unlimited swap; null is twice the memory. */
  readonly memorySwapBytes: number | null;
  readonly memoryReservationBytes: number | null;
  /** In processors: 1.5. */
  readonly cpus: number | null;
  readonly cpuShares: number | null;
  readonly cpusetCpus: string | null;
  readonly cpusetMems: string | null;
  readonly pidsLimit: number | null;
}

export interface Ulimit {
  /** Without prefix: `nofile`. */
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

export type NetworkMode = 'bridge' | 'none' | 'host';

/** What a container was asked to be, image defaults already applied. */
export interface ContainerSpec {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly env: readonly string[];
  readonly workingDir: string;
  readonly user: string;
  readonly groups: readonly string[];
  readonly hostname: string;
  readonly domainname: string;
  readonly tty: boolean;
  readonly openStdin: boolean;
  readonly init: boolean;
  readonly readOnlyRootfs: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly mounts: readonly ContainerMount[];
  readonly resources: ContainerResources;
  readonly ulimits: readonly Ulimit[];
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly noNewPrivileges: boolean;
  readonly seccomp: 'default' | 'unconfined';
  readonly network: NetworkMode;
  readonly extraHosts: readonly string[];
  readonly dns: readonly string[];
  readonly shmSizeBytes: number;
  readonly stopSignal: string;
  readonly stopTimeoutSeconds: number;
  readonly autoRemove: boolean;
  readonly log: { readonly maxSizeBytes: number; readonly maxFiles: number };
}
