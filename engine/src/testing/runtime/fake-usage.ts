import type { RuntimeStats } from '../../runtime/index.ts';
import type { ContainerProcess } from '../../types/index.ts';
import type { FakeContainer } from './fake-container.ts';

export const FAKE_CPUS = 2;
export const FAKE_MEMORY_BYTES = 8_000_000_000;

const MIB = 1024 * 1024;

/** A container that keeps half a processor busy from its start, and talks and writes at a steady pace. */
export function fakeStats(container: FakeContainer, now: string): RuntimeStats | null {
  if (container.process === null || container.run === null) return null;
  const { memory, pids } = container.request.spec.linux.resources;
  const aliveMs = Math.max(0, Date.parse(now) - Date.parse(container.run.startedAt));
  const usageNs = aliveMs * 500_000;
  return {
    id: container.request.id,
    at: now,
    cpu: {
      usageNs,
      userNs: usageNs,
      systemNs: 0,
      perCpuNs: [],
      periods: 0,
      throttledPeriods: 0,
      throttledNs: 0,
    },
    memory: {
      usageBytes: 30 * MIB,
      maxUsageBytes: 32 * MIB,
      limitBytes: memory?.limit ?? null,
      anonBytes: 16 * MIB,
      fileBytes: 14 * MIB,
      inactiveFileBytes: 10 * MIB,
      kernelBytes: 0,
      swapBytes: 0,
      oomKills: 0,
    },
    pids: { current: 1 + container.execs.size, limit: pids?.limit ?? null },
    blockDevices: [
      { major: 8, minor: 0, readBytes: 4 * MIB, writeBytes: MIB, readOperations: 4, writeOperations: 1 },
      { major: 8, minor: 16, readBytes: MIB, writeBytes: 0, readOperations: 1, writeOperations: 0 },
    ],
    interfaces: container.request.networks.map((_, at) => ({
      interface: `eth${at}`,
      receivedBytes: aliveMs,
      receivedPackets: aliveMs,
      receivedErrors: 0,
      receivedDropped: 0,
      sentBytes: aliveMs * 2,
      sentPackets: aliveMs,
      sentErrors: 0,
      sentDropped: 0,
    })),
  };
}

/** The init of a container, as ps would show it. */
export function fakeInit({ request, run }: FakeContainer): ContainerProcess {
  const { args } = request.spec.process;
  return {
    pid: run?.pid ?? 0,
    parentPid: 1,
    pidInside: 1,
    uid: 0,
    gid: 0,
    tty: null,
    startedAt: run?.startedAt ?? '',
    cpuNs: 0,
    state: 'S',
    residentBytes: MIB,
    virtualBytes: 4 * MIB,
    threads: 1,
    name: (args[0] ?? '').slice(0, 15),
    args,
  };
}
