import type { Health } from './container-policies.ts';
import type { ContainerNetwork, ExposedPort, PublishedPort } from './network.ts';
import type { ContainerSpec } from './container-spec.ts';
import type { ErrorDetail } from '../errors/engine-error.ts';

export type ContainerStatus =
  'created' | 'starting' | 'running' | 'paused' | 'stopping' | 'restarting' | 'removing' | 'exited';

/** Why and how a container's last run ended. */
export interface ContainerExit {
  /** 128 + signal when killed. */
  readonly code: number;
  /** Signal name without prefix (`KILL`), null when it exited by itself. */
  readonly signal: string | null;
  readonly oomKilled: boolean;
  readonly memoryPeakBytes: number | null;
  readonly memoryLimitBytes: number | null;
  readonly at: string;
}

/** A start that failed: the container stays `created` or `exited`, with this beside it. */
export interface StartFailure {
  readonly message: string;
  readonly hint?: string;
  readonly detail?: ErrorDetail;
  readonly at: string;
}

/** It ends soon after each start, again and again. */
export interface CrashLoop {
  /** Runs in a row that ended within ten seconds. */
  readonly sinceExitCount: number;
  /** Null while it runs. */
  readonly nextRetryAt: string | null;
}

/** The truth of now, derived from a live probe of the agent. Times are ISO 8601. */
export interface ContainerState {
  readonly status: ContainerStatus;
  readonly pid: number | null;
  readonly startedAt: string | null;
  readonly exit: ContainerExit | null;
  readonly failure: StartFailure | null;
  /** How often its restart policy has started it since it was last started by hand. */
  readonly restartCount: number;
  /** While it waits for its restart policy (`restarting`): when that starts it again. */
  readonly nextRetryAt: string | null;
  readonly crashLooping: CrashLoop | null;
  /** Of the last run; null without a health check, and before the first run. */
  readonly health: Health | null;
}

export interface ContainerSummary {
  /** 64 hex digits. */
  readonly id: string;
  /** Without slash. */
  readonly name: string;
  readonly image: {
    /** What was asked for, familiar form. */
    readonly reference: string;
    /** In the very words; absent of containers that were made before this was kept. */
    readonly asked?: string;
    readonly id: string;
  };
  /** Entrypoint and command as one argument vector. */
  readonly command: readonly string[];
  readonly createdAt: string;
  readonly state: ContainerState;
  readonly tty: boolean;
  /** Those that it is on, running or not. */
  readonly networks: readonly ContainerNetwork[];
  /** While it runs: what leads to it. */
  readonly ports: readonly PublishedPort[];
  readonly exposedPorts: readonly ExposedPort[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface ContainerDetails extends ContainerSummary {
  readonly spec: ContainerSpec;
  readonly platform: string;
  /** Notes from the agent about defaults this host could not give. */
  readonly warnings: readonly string[];
  /** Why it does not run, or why it is not well: sentences for the person, the most important first. */
  readonly reasons: readonly string[];
}
