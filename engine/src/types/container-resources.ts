/** Bytes or operations a second, of one block device. */
export interface DeviceRate {
  /** On the machine that runs the containers: `/dev/sda`. */
  readonly path: string;
  readonly rate: number;
}

export interface DeviceWeight {
  readonly path: string;
  /** 10 to 1000. */
  readonly weight: number;
}

export interface BlockIoLimits {
  /** 10 to 1000, relative to other containers. */
  readonly weight: number | null;
  readonly weightDevices: readonly DeviceWeight[];
  readonly readBps: readonly DeviceRate[];
  readonly writeBps: readonly DeviceRate[];
  readonly readIops: readonly DeviceRate[];
  readonly writeIops: readonly DeviceRate[];
}

/** Limits; null is "no limit". Docker's meanings. */
export interface ContainerResources {
  readonly memoryBytes: number | null;
  /** Memory plus swap; -1 is unlimited swap; null is twice the memory. */
  readonly memorySwapBytes: number | null;
  readonly memoryReservationBytes: number | null;
  /** 0 to 100: how readily its anonymous memory is swapped out; null is the host's. Only cgroup v1 has it. */
  readonly memorySwappiness: number | null;
  /** Its processes wait for memory instead of being killed. Only cgroup v1 has it. */
  readonly oomKillDisable: boolean;
  /** In processors: 1.5. Null when quota and period say it. */
  readonly cpus: number | null;
  /** Microseconds of processor time in each period. */
  readonly cpuQuotaUs: number | null;
  readonly cpuPeriodUs: number | null;
  readonly cpuShares: number | null;
  readonly cpusetCpus: string | null;
  readonly cpusetMems: string | null;
  readonly pidsLimit: number | null;
  readonly blockIo: BlockIoLimits;
}

export interface Ulimit {
  /** Without prefix: `nofile`. */
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

/** A device of the host, or a folder of devices. */
export interface HostDevice {
  readonly hostPath: string;
  readonly containerPath: string;
  /** What may be done with it: of `r`, `w` and `m` (mknod). */
  readonly permissions: string;
}
