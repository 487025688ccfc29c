/** What happens when the container's command ends by itself. */
export interface RestartPolicy {
  readonly name: 'no' | 'on-failure' | 'always' | 'unless-stopped';
  /** Of `on-failure`: how often at most; 0 is no limit. */
  readonly maximumRetries: number;
}

/** How to find out whether the container does its work. */
export interface Healthcheck {
  /** Run inside the container; exit code 0 is healthy. */
  readonly command: readonly string[];
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Failures in this time after the start do not count. */
  readonly startPeriodMs: number;
  /** The interval until the first success within the start period. */
  readonly startIntervalMs: number;
  /** So many failures in a row make it unhealthy. */
  readonly retries: number;
}

export type HealthStatus = 'starting' | 'healthy' | 'unhealthy';

export interface HealthProbe {
  readonly startedAt: string;
  readonly endedAt: string;
  /** -1 when it did not end in time or could not be run. */
  readonly exitCode: number;
  /** The beginning of what it printed, at most 4 KiB. */
  readonly output: string;
}

export interface Health {
  readonly status: HealthStatus;
  readonly failingStreak: number;
  /** The last five, oldest first. */
  readonly probes: readonly HealthProbe[];
}
