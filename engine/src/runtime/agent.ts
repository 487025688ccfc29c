import type { AgentState, HostInfo } from '../types/index.ts';
import type { CallOptions } from './requests.ts';

/** Of all processors since boot, so that a reader takes the difference of two. */
export interface HostUsage {
  readonly cpus: number;
  readonly cpuBusyMs: number;
  readonly cpuTotalMs: number;
  readonly memoryTotalBytes: number;
  readonly memoryUsedBytes: number;
  readonly diskTotalBytes: number;
  readonly diskUsedBytes: number;
}

/**
 * The helper process with the machine's rights, seen as a whole: whether it runs, what the machine is, what it uses.
 * `state` is never `starting` without an attempt under way.
 */
export interface Agent {
  readonly state: AgentState;
  /** Null until the agent has answered once. */
  readonly host: HostInfo | null;
  /** Whether a limit on memory plus swap can be enforced; false until the agent has answered once. */
  readonly swapAccounting: boolean;
  onStateChange(listener: (state: AgentState) => void): void;
  /** Tries (again) to find or start it; resolves when it runs, or rejects with what `state` then says. */
  start(): Promise<void>;
  usage(options?: CallOptions): Promise<HostUsage>;
  /** Of disk, that its folder in the data folder takes: measured now. */
  dataBytes(options?: CallOptions): Promise<number>;
}
