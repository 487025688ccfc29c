import type { BlockDeviceUsage, CpuUsage, InterfaceUsage, MemoryUsage } from '../types/index.ts';

export interface StatsQuery {
  /** Empty: all that run at each interval. */
  readonly ids: readonly string[];
  /** 0: one batch, and the end. Less than 100 counts as 100. */
  readonly intervalMs: number;
}

/** Containers that do not run are left out. */
export interface RuntimeStatsBatch {
  readonly at: string;
  /** Of all processors of the machine since boot, idle time included. */
  readonly hostCpuNs: number;
  readonly onlineCpus: number;
  readonly hostMemoryBytes: number;
  readonly containers: readonly RuntimeStats[];
}

/** Counters since the container's start. */
export interface RuntimeStats {
  readonly id: string;
  readonly at: string;
  readonly cpu: Omit<CpuUsage, 'fraction' | 'hostNs' | 'onlineCpus'>;
  readonly memory: Omit<MemoryUsage, 'usedBytes' | 'limitBytes'> & { readonly limitBytes: number | null };
  readonly pids: { readonly current: number; readonly limit: number | null };
  readonly blockDevices: readonly BlockDeviceUsage[];
  readonly interfaces: readonly InterfaceUsage[];
}
