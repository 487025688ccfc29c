import { Slots } from '../../slots.ts';
import type { Container } from '../container.ts';
import type { Parts } from '../parts.ts';
import { HealthMonitor } from './health-monitor.ts';
import type { ProbeContext } from './probe.ts';

/** Enough to keep the runtime busy, and no more when many come due at once. */
const STARTS_AT_ONCE = 16;

/** The health of all containers that have a check. */
export class HealthChecks implements Disposable {
  private readonly context: ProbeContext;
  private readonly monitors = new Set<HealthMonitor>();

  constructor(parts: Parts) {
    this.context = { parts, starts: new Slots(STARTS_AT_ONCE), execIds: new Set() };
  }

  /** From now on until it is removed. */
  watch(container: Container): void {
    const { healthcheck } = container.record.spec;
    if (healthcheck === null) return;
    const monitor: HealthMonitor = new HealthMonitor(this.context, container, healthcheck, () => {
      this.monitors.delete(monitor);
    });
    this.monitors.add(monitor);
  }

  /** The process of a probe has ended: its events are nobody's news. True when it was one. */
  takeProbeEnd(execId: string): boolean {
    return this.context.execIds.delete(execId);
  }

  [Symbol.dispose](): void {
    for (const monitor of this.monitors) monitor[Symbol.dispose]();
    this.monitors.clear();
  }
}
