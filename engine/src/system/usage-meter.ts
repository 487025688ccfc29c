import type { HostUsage } from '../runtime/index.ts';
import type { SystemUsage } from '../types/index.ts';

/** Two samples closer than this say nothing about the load: /proc/stat counts in ticks of 10 ms. */
const MIN_INTERVAL_MS = 100;

/** Makes the processors' load from the difference of two samples; the first has none. */
export class UsageMeter {
  private base: HostUsage | null = null;
  private fraction: number | null = null;

  read(sample: HostUsage): SystemUsage {
    const { base } = this;
    const total = base === null ? 0 : sample.cpuTotalMs - base.cpuTotalMs;
    if (base !== null && total >= MIN_INTERVAL_MS * sample.cpus) {
      this.fraction = clamp((sample.cpuBusyMs - base.cpuBusyMs) / total);
      this.base = sample;
    } else if (base === null || total < 0) {
      // The first one, or the machine has been started anew.
      this.base = sample;
      this.fraction = null;
    }
    return {
      cpus: sample.cpus,
      cpuFraction: this.fraction,
      memoryTotalBytes: sample.memoryTotalBytes,
      memoryUsedBytes: sample.memoryUsedBytes,
      diskTotalBytes: sample.diskTotalBytes,
      diskUsedBytes: sample.diskUsedBytes,
    };
  }
}

function clamp(fraction: number): number {
  return Math.min(1, Math.max(0, fraction));
}
