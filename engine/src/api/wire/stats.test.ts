import { describe, expect, it } from 'vitest';
import type { ContainerStats } from '../../types/index.ts';
import { statsJson } from './stats.ts';

const SECOND_NS = 1e9;
const MEBIBYTE = 1024 * 1024;

function reading(at: string, usageNs: number, hostNs: number): ContainerStats {
  return {
    id: 'c1',
    name: 'tide',
    at,
    cpu: {
      fraction: null,
      usageNs,
      userNs: usageNs,
      systemNs: 0,
      perCpuNs: [],
      periods: 0,
      throttledPeriods: 0,
      throttledNs: 0,
      hostNs,
      onlineCpus: 4,
    },
    memory: {
      usedBytes: 60 * MEBIBYTE,
      usageBytes: 64 * MEBIBYTE,
      maxUsageBytes: 70 * MEBIBYTE,
      limitBytes: 128 * MEBIBYTE,
      anonBytes: 50 * MEBIBYTE,
      fileBytes: 10 * MEBIBYTE,
      inactiveFileBytes: 4 * MEBIBYTE,
      kernelBytes: 0,
      swapBytes: 0,
      oomKills: 0,
    },
    pids: { current: 3, limit: null },
    blockIo: { readBytes: 5, writeBytes: 7 },
    blockDevices: [
      { major: 8, minor: 0, readBytes: 5, writeBytes: 7, readOperations: 1, writeOperations: 2 },
    ],
    network: { receivedBytes: 11, sentBytes: 13 },
    interfaces: [
      {
        interface: 'eth0',
        receivedBytes: 11,
        receivedPackets: 1,
        receivedErrors: 0,
        receivedDropped: 0,
        sentBytes: 13,
        sentPackets: 1,
        sentErrors: 0,
        sentDropped: 0,
      },
    ],
  };
}

interface Told {
  readonly cpu_stats: Load;
  readonly precpu_stats: Load;
  readonly memory_stats: {
    readonly usage: number;
    readonly limit: number;
    readonly stats: Record<string, number>;
  };
}

interface Load {
  readonly cpu_usage: { readonly total_usage: number };
  readonly system_cpu_usage: number;
  readonly online_cpus: number;
}

const BEFORE = reading('2026-01-01T00:00:00Z', 0, 100 * SECOND_NS);
const NOW = reading('2026-01-01T00:00:01Z', SECOND_NS / 2, 104 * SECOND_NS);

describe('statistics', () => {
  it('let docker compute the load: half a processor of four', () => {
    const { cpu_stats: cpu, precpu_stats: before } = statsJson({
      id: 'c1',
      name: 'tide',
      stats: NOW,
      before: BEFORE,
    }) as Told;
    const used = cpu.cpu_usage.total_usage - before.cpu_usage.total_usage;
    const passed = cpu.system_cpu_usage - before.system_cpu_usage;
    expect((used / passed) * cpu.online_cpus * 100).toBe(50);
  });

  it.each(['total_inactive_file', 'inactive_file'])('let it compute the memory without %s', (name) => {
    const { memory_stats: memory } = statsJson({ id: 'c1', name: 'tide', stats: NOW, before: null }) as Told;
    expect(memory.usage - (memory.stats[name] ?? 0)).toBe(60 * MEBIBYTE);
  });

  it('have disks and networks by name', () => {
    expect(statsJson({ id: 'c1', name: 'tide', stats: NOW, before: BEFORE })).toMatchObject({
      name: '/tide',
      read: NOW.at,
      preread: BEFORE.at,
      pids_stats: { current: 3 },
      blkio_stats: {
        io_service_bytes_recursive: [
          { major: 8, minor: 0, op: 'read', value: 5 },
          { major: 8, minor: 0, op: 'write', value: 7 },
        ],
      },
      networks: { eth0: { rx_bytes: 11, tx_bytes: 13 } },
    });
  });

  it('of a container that does not run have no times', () => {
    const told = statsJson({ id: 'c1', name: 'tide', stats: null, before: null });
    expect(told).toMatchObject({ read: '0001-01-01T00:00:00Z', pids_stats: {}, memory_stats: {} });
    expect(told).not.toHaveProperty('networks');
  });
});
