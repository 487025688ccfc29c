import { describe, expect, it } from 'vitest';
import { UsageMeter } from './usage-meter.ts';

const sample = (cpuBusyMs: number, cpuTotalMs: number) => ({
  cpus: 2,
  cpuBusyMs,
  cpuTotalMs,
  memoryTotalBytes: 8,
  memoryUsedBytes: 3,
  diskTotalBytes: 100,
  diskUsedBytes: 40,
});

describe('UsageMeter', () => {
  it('has no load for the first sample', () => {
    expect(new UsageMeter().read(sample(50, 1000))).toMatchObject({
      cpus: 2,
      cpuFraction: null,
      memoryUsedBytes: 3,
    });
  });

  it('is busy time over all time since the sample before', () => {
    const meter = new UsageMeter();
    meter.read(sample(0, 0));
    expect(meter.read(sample(500, 2000)).cpuFraction).toBe(0.25);
    expect(meter.read(sample(2500, 4000)).cpuFraction).toBe(1);
  });

  it('keeps the load when samples come too close together', () => {
    const meter = new UsageMeter();
    meter.read(sample(0, 0));
    meter.read(sample(500, 2000));
    expect(meter.read(sample(510, 2010)).cpuFraction).toBe(0.25);
  });

  it('begins anew after the machine has', () => {
    const meter = new UsageMeter();
    meter.read(sample(9000, 20_000));
    expect(meter.read(sample(10, 100)).cpuFraction).toBeNull();
    expect(meter.read(sample(1010, 2100)).cpuFraction).toBe(0.5);
  });
});
