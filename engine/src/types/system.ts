import type { WireError } from '../errors/wire.ts';

export type AgentState =
  | { readonly status: 'starting'; readonly step: string }
  | { readonly status: 'running'; readonly pid: number; readonly version: string }
  /** No agent, and why; the hint has the command that mends it. */
  | { readonly status: 'unavailable'; readonly error: WireError };

export interface SystemInfo {
  readonly version: string;
  readonly engineId: string;
  readonly dataDir: string;
  readonly runDir: string;
  readonly agent: AgentState;
  readonly host: HostInfo | null;
  readonly counts: { readonly containers: number; readonly running: number; readonly images: number };
}

/** What the agent found on the machine that runs the containers. */
export interface HostInfo {
  readonly os: string;
  readonly architecture: string;
  readonly kernelVersion: string;
  readonly cgroupMode: 'v1' | 'hybrid' | 'v2';
  readonly cgroupControllers: readonly string[];
  readonly firewall: string;
  readonly warnings: readonly string[];
}

export interface SystemUsage {
  readonly cpus: number;
  /** Since the sample before, 0 to 1; null for the first sample. */
  readonly cpuFraction: number | null;
  readonly memoryTotalBytes: number;
  readonly memoryUsedBytes: number;
  readonly diskTotalBytes: number;
  readonly diskUsedBytes: number;
}

/** Something under way that a person may want to watch or cancel. Kept by the engine, so a reload loses none. */
export interface Task {
  readonly id: string;
  readonly kind:
    | 'image-pull'
    | 'image-push'
    | 'image-load'
    | 'image-import'
    | 'container-stop'
    | 'container-restart'
    | 'container-commit'
    | 'image-starter'
    | 'volume-clone'
    | 'volume-import';
  /** The object: an image reference or a container name. */
  readonly subject: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly status: 'running' | 'done' | 'failed' | 'cancelled';
  /** 0 to 1; null when not known. */
  readonly fraction: number | null;
  readonly error: WireError | null;
}
