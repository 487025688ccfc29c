import { describe, expect, it } from 'vitest';
import type { RuntimeStatsBatch } from '../../runtime/index.ts';
import { CpuLoads } from './usage.ts';

const CPUS = 4;

/** `busyMs` of one container, `atMs` after boot. */
function batch(atMs: number, busyMs: number, id = 'a'): RuntimeStatsBatch {
  const cpu = {
    usageNs: busyMs * 1e6,
    userNs: 0,
    systemNs: 0,
    perCpuNs: [],
    periods: 0,
    throttledPeriods: 0,
    throttledNs: 0,
  };
  const memory = {
    usageBytes: 0,
    maxUsageBytes: 0,
    limitBytes: null,
    anonBytes: 0,
    fileBytes: 0,
    inactiveFileBytes: 0,
    kernelBytes: 0,
    swapBytes: 0,
    oomKills: 0,
  };
  const container = {
    id,
    at: '',
    cpu,
    memory,
    pids: { current: 1, limit: null },
    blockDevices: [],
    interfaces: [],
  };
  return {
    at: '',
    hostCpuNs: atMs * 1e6 * CPUS,
    onlineCpus: CPUS,
    hostMemoryBytes: 0,
    containers: [container],
  };
}

describe('the load of a container', () => {
  it('is the part of one processor since the sample before, and unknown at first', () => {
    const loads = new CpuLoads();
    expect(loads.take(batch(1000, 500)).get('a')).toBeNull();
    expect(loads.take(batch(2000, 2000)).get('a')).toBe(1.5);
  });

  it('stays when samples come too close together', () => {
    const loads = new CpuLoads();
    loads.take(batch(1000, 0));
    loads.take(batch(2000, 500));
    expect(loads.take(batch(2010, 510)).get('a')).toBe(0.5);
    expect(loads.take(batch(3000, 1500)).get('a')).toBe(1);
  });

  it('begins anew when the container has, and after it was away', () => {
    const loads = new CpuLoads();
    loads.take(batch(1000, 900));
    expect(loads.take(batch(2000, 100)).get('a')).toBeNull();
    loads.take(batch(3000, 0, 'b'));
    expect(loads.take(batch(4000, 200)).get('a')).toBeNull();
  });
});
