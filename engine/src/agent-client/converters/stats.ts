import type { RuntimeStats, RuntimeStatsBatch, StatsQuery } from '../../runtime/index.ts';
import type * as wire from '../generated/longshore/agent/v1/stats.ts';
import { isoFromUnixNs } from './time.ts';

export function toWireStats({ ids, intervalMs }: StatsQuery): wire.StatsRequest {
  return { ids: [...ids], intervalMs };
}

export function fromWireStats(batch: wire.StatsBatch): RuntimeStatsBatch {
  return {
    at: isoFromUnixNs(batch.atUnixNs),
    hostCpuNs: Number(batch.hostCpuNs),
    onlineCpus: batch.onlineCpus,
    hostMemoryBytes: Number(batch.hostMemoryBytes),
    containers: batch.containers.map(fromWireContainer),
  };
}

function fromWireContainer(stats: wire.ContainerStats): RuntimeStats {
  return {
    id: stats.id,
    at: isoFromUnixNs(stats.atUnixNs),
    cpu: fromWireCpu(stats.cpu),
    memory: fromWireMemory(stats.memory),
    pids: { current: Number(stats.pids?.current ?? 0n), limit: limitOrNull(stats.pids?.limit ?? 0n) },
    blockDevices: stats.blockDevices.map((device) => ({
      major: device.major,
      minor: device.minor,
      readBytes: Number(device.readBytes),
      writeBytes: Number(device.writeBytes),
      readOperations: Number(device.readOperations),
      writeOperations: Number(device.writeOperations),
    })),
    interfaces: stats.interfaces.map(fromWireInterface),
  };
}

function fromWireCpu(cpu: wire.CpuStats | undefined): RuntimeStats['cpu'] {
  return {
    usageNs: Number(cpu?.usageNs ?? 0n),
    userNs: Number(cpu?.userNs ?? 0n),
    systemNs: Number(cpu?.systemNs ?? 0n),
    perCpuNs: (cpu?.perCpuNs ?? []).map(Number),
    periods: Number(cpu?.periods ?? 0n),
    throttledPeriods: Number(cpu?.throttledPeriods ?? 0n),
    throttledNs: Number(cpu?.throttledNs ?? 0n),
  };
}

function fromWireMemory(memory: wire.MemoryStats | undefined): RuntimeStats['memory'] {
  return {
    usageBytes: Number(memory?.usageBytes ?? 0n),
    maxUsageBytes: Number(memory?.maxUsageBytes ?? 0n),
    limitBytes: limitOrNull(memory?.limitBytes ?? 0n),
    anonBytes: Number(memory?.anonBytes ?? 0n),
    fileBytes: Number(memory?.fileBytes ?? 0n),
    inactiveFileBytes: Number(memory?.inactiveFileBytes ?? 0n),
    kernelBytes: Number(memory?.kernelBytes ?? 0n),
    swapBytes: Number(memory?.swapBytes ?? 0n),
    oomKills: Number(memory?.oomKills ?? 0n),
  };
}

function fromWireInterface(stats: wire.InterfaceStats): RuntimeStats['interfaces'][number] {
  return {
    interface: stats.interface,
    receivedBytes: Number(stats.receivedBytes),
    receivedPackets: Number(stats.receivedPackets),
    receivedErrors: Number(stats.receivedErrors),
    receivedDropped: Number(stats.receivedDropped),
    sentBytes: Number(stats.sentBytes),
    sentPackets: Number(stats.sentPackets),
    sentErrors: Number(stats.sentErrors),
    sentDropped: Number(stats.sentDropped),
  };
}

/** Zero: there is none. */
function limitOrNull(limit: bigint): number | null {
  return limit === 0n ? null : Number(limit);
}
