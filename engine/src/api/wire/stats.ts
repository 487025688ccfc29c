import type { ContainerStats, CpuUsage, MemoryUsage } from '../../types/index.ts';
import { ZERO_TIME } from './json.ts';

interface Reading {
  readonly id: string;
  readonly name: string;
  /** Null: it does not run. */
  readonly stats: ContainerStats | null;
  readonly before: ContainerStats | null;
}

/** One reading, with the one before, from which clients compute the load. */
export function statsJson({ id, name, stats, before }: Reading): object {
  return {
    name: `/${name}`,
    id,
    read: stats?.at ?? ZERO_TIME,
    preread: before?.at ?? ZERO_TIME,
    pids_stats: stats === null ? {} : pidsJson(stats),
    blkio_stats: blockIoJson(stats),
    num_procs: 0,
    storage_stats: {},
    cpu_stats: cpuJson(stats?.cpu),
    precpu_stats: cpuJson(before?.cpu),
    memory_stats: stats === null ? {} : memoryJson(stats.memory),
    ...(stats !== null && stats.interfaces.length > 0 && { networks: networksJson(stats) }),
  };
}

function pidsJson({ pids }: ContainerStats): object {
  return { current: pids.current, ...(pids.limit !== null && { limit: pids.limit }) };
}

function cpuJson(cpu: CpuUsage | undefined): object {
  return {
    cpu_usage: {
      total_usage: cpu?.usageNs ?? 0,
      ...(cpu !== undefined && cpu.perCpuNs.length > 0 && { percpu_usage: cpu.perCpuNs }),
      usage_in_kernelmode: cpu?.systemNs ?? 0,
      usage_in_usermode: cpu?.userNs ?? 0,
    },
    ...(cpu !== undefined && { system_cpu_usage: cpu.hostNs, online_cpus: cpu.onlineCpus }),
    throttling_data: {
      periods: cpu?.periods ?? 0,
      throttled_periods: cpu?.throttledPeriods ?? 0,
      throttled_time: cpu?.throttledNs ?? 0,
    },
  };
}

/** Under the names of cgroup v1 and of v2: clients subtract one of them from the usage, that of v1 first. */
function memoryJson(memory: MemoryUsage): object {
  return {
    usage: memory.usageBytes,
    max_usage: memory.maxUsageBytes,
    stats: {
      total_inactive_file: memory.inactiveFileBytes,
      inactive_file: memory.inactiveFileBytes,
      cache: memory.fileBytes,
      total_cache: memory.fileBytes,
      rss: memory.anonBytes,
      total_rss: memory.anonBytes,
      anon: memory.anonBytes,
      file: memory.fileBytes,
      kernel_stack: 0,
      swap: memory.swapBytes,
    },
    failcnt: memory.oomKills,
    limit: memory.limitBytes,
  };
}

function blockIoJson(stats: ContainerStats | null): object {
  const devices = stats?.blockDevices ?? [];
  const entries = (read: (device: (typeof devices)[number]) => readonly [number, number]) =>
    devices.flatMap((device) => {
      const { major, minor } = device;
      const [reads, writes] = read(device);
      return [
        { major, minor, op: 'read', value: reads },
        { major, minor, op: 'write', value: writes },
      ];
    });
  return {
    io_service_bytes_recursive: entries(({ readBytes, writeBytes }) => [readBytes, writeBytes]),
    io_serviced_recursive: entries(({ readOperations, writeOperations }) => [
      readOperations,
      writeOperations,
    ]),
    io_queue_recursive: [],
    io_service_time_recursive: [],
    io_wait_time_recursive: [],
    io_merged_recursive: [],
    io_time_recursive: [],
    sectors_recursive: [],
  };
}

function networksJson({ interfaces }: ContainerStats): object {
  return Object.fromEntries(
    interfaces.map((one) => [
      one.interface,
      {
        rx_bytes: one.receivedBytes,
        rx_packets: one.receivedPackets,
        rx_errors: one.receivedErrors,
        rx_dropped: one.receivedDropped,
        tx_bytes: one.sentBytes,
        tx_packets: one.sentPackets,
        tx_errors: one.sentErrors,
        tx_dropped: one.sentDropped,
      },
    ]),
  );
}
