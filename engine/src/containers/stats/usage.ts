import type { RuntimeStats, RuntimeStatsBatch } from '../../runtime/index.ts';
import type { ContainerStats } from '../../types/index.ts';

/** Two samples closer than this say nothing about the load. */
const MIN_INTERVAL_NS = 100_000_000;

/** A sample that the next ones are compared with, and the load that came of the last comparison. */
interface Base {
  readonly usageNs: number;
  readonly hostNs: number;
  readonly fraction: number | null;
}

/** Makes the processors' load of containers from the differences of their samples. */
export class CpuLoads {
  private bases = new Map<string, Base>();

  /** By container: the part of one processor that it used since the sample before; null without one. */
  take({ containers, hostCpuNs, onlineCpus }: RuntimeStatsBatch): ReadonlyMap<string, number | null> {
    const bases = new Map<string, Base>();
    for (const { id, cpu } of containers) {
      bases.set(id, nextBase(this.bases.get(id), cpu.usageNs, hostCpuNs, onlineCpus));
    }
    this.bases = bases;
    return new Map([...bases].map(([id, { fraction }]) => [id, fraction]));
  }
}

function nextBase(base: Base | undefined, usageNs: number, hostNs: number, cpus: number): Base {
  const anew = { usageNs, hostNs, fraction: null };
  if (base === undefined) return anew;
  const [used, passed] = [usageNs - base.usageNs, hostNs - base.hostNs];
  // It has been started again, or the machine has.
  if (used < 0 || passed < 0) return anew;
  if (passed < MIN_INTERVAL_NS * cpus) return base;
  return { usageNs, hostNs, fraction: (used / passed) * cpus };
}

export function statsOf(
  stats: RuntimeStats,
  { hostCpuNs, onlineCpus, hostMemoryBytes }: RuntimeStatsBatch,
  name: string,
  fraction: number | null,
): ContainerStats {
  const { cpu, memory, blockDevices, interfaces } = stats;
  return {
    id: stats.id,
    name,
    at: stats.at,
    cpu: { ...cpu, fraction, hostNs: hostCpuNs, onlineCpus },
    memory: {
      ...memory,
      usedBytes: Math.max(0, memory.usageBytes - memory.inactiveFileBytes),
      limitBytes: memory.limitBytes ?? hostMemoryBytes,
    },
    pids: stats.pids,
    blockIo: {
      readBytes: sum(blockDevices.map(({ readBytes }) => readBytes)),
      writeBytes: sum(blockDevices.map(({ writeBytes }) => writeBytes)),
    },
    blockDevices,
    network: {
      receivedBytes: sum(interfaces.map(({ receivedBytes }) => receivedBytes)),
      sentBytes: sum(interfaces.map(({ sentBytes }) => sentBytes)),
    },
    interfaces,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
