/** What running containers use, at one moment. */
export interface StatsBatch {
  /** ISO 8601. */
  readonly at: string;
  readonly containers: readonly ContainerStats[];
}

/** Counters grow from the container's start. What the host does not count is 0. */
export interface ContainerStats {
  readonly id: string;
  readonly name: string;
  readonly at: string;
  readonly cpu: CpuUsage;
  readonly memory: MemoryUsage;
  readonly pids: { readonly current: number; readonly limit: number | null };
  /** Of all block devices together. */
  readonly blockIo: { readonly readBytes: number; readonly writeBytes: number };
  readonly blockDevices: readonly BlockDeviceUsage[];
  /** Of all interfaces together; both 0 with the host's network. */
  readonly network: { readonly receivedBytes: number; readonly sentBytes: number };
  readonly interfaces: readonly InterfaceUsage[];
}

export interface CpuUsage {
  /** Of one processor since the batch before: 1.5 is one and a half. Null in the first batch with this container. */
  readonly fraction: number | null;
  readonly usageNs: number;
  readonly userNs: number;
  readonly systemNs: number;
  /** By number of the processor; empty with cgroup v2. */
  readonly perCpuNs: readonly number[];
  readonly periods: number;
  readonly throttledPeriods: number;
  readonly throttledNs: number;
  /** Of all processors of the machine since boot, idle time included. */
  readonly hostNs: number;
  readonly onlineCpus: number;
}

export interface MemoryUsage {
  /** Without the page cache that the kernel can take back at once. */
  readonly usedBytes: number;
  /** With it. */
  readonly usageBytes: number;
  readonly maxUsageBytes: number;
  /** The container's, or all that the machine has. */
  readonly limitBytes: number;
  readonly anonBytes: number;
  readonly fileBytes: number;
  readonly inactiveFileBytes: number;
  readonly kernelBytes: number;
  readonly swapBytes: number;
  readonly oomKills: number;
}

export interface BlockDeviceUsage {
  readonly major: number;
  readonly minor: number;
  readonly readBytes: number;
  readonly writeBytes: number;
  readonly readOperations: number;
  readonly writeOperations: number;
}

export interface InterfaceUsage {
  readonly interface: string;
  readonly receivedBytes: number;
  readonly receivedPackets: number;
  readonly receivedErrors: number;
  readonly receivedDropped: number;
  readonly sentBytes: number;
  readonly sentPackets: number;
  readonly sentErrors: number;
  readonly sentDropped: number;
}
