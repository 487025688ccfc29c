import type { Health, HealthProbe, Healthcheck } from '../../types/index.ts';

/** Docker's: so many results are kept. */
const PROBES_KEPT = 5;

export const UNKNOWN_HEALTH: Health = { status: 'starting', failingStreak: 0, probes: [] };

/** What one more result makes of it (moby, daemon/health.go). `startedAt` is the container's start. */
export function healthAfter(
  health: Health,
  probe: HealthProbe,
  check: Healthcheck,
  startedAt: string,
): Health {
  const probes = [...health.probes, probe].slice(-PROBES_KEPT);
  if (probe.exitCode === 0) return { status: 'healthy', failingStreak: 0, probes };
  // In the start period a failure counts only once there was a success.
  if (health.status === 'starting' && since(startedAt, probe.startedAt) < check.startPeriodMs) {
    return { ...health, probes };
  }
  const failingStreak = health.failingStreak + 1;
  return { status: failingStreak >= check.retries ? 'unhealthy' : health.status, failingStreak, probes };
}

/** Until the next probe. */
export function intervalOf(health: Health, check: Healthcheck, startedAt: string, now: Date): number {
  const isStarting = health.status === 'starting' && since(startedAt, now) < check.startPeriodMs;
  return isStarting ? check.startIntervalMs : check.intervalMs;
}

/** Of a container that has run for a while already, when the engine comes up, the first probe is due at once. */
export function firstDelay(check: Healthcheck, startedAt: string, now: Date): number {
  const interval = intervalOf(UNKNOWN_HEALTH, check, startedAt, now);
  return Math.min(interval, Math.max(0, interval - since(startedAt, now)));
}

function since(startedAt: string, moment: string | Date): number {
  return new Date(moment).getTime() - Date.parse(startedAt);
}
