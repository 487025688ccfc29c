import type { ContainerExit, PublishedPort } from '../types/index.ts';
import type { AssignedAddress } from './endpoints.ts';

interface RuntimeEventBase {
  /** Grows by one; survives the runtime's restart. */
  readonly seq: number;
  /** ISO 8601, nanoseconds. */
  readonly at: string;
  /** Of the container. */
  readonly id: string;
}

export type RuntimeEvent =
  | (RuntimeEventBase & { readonly kind: 'started'; readonly pid: number })
  | (RuntimeEventBase & { readonly kind: 'exited'; readonly exit: ContainerExit })
  | (RuntimeEventBase & { readonly kind: 'oom' | 'paused' | 'resumed' })
  | (RuntimeEventBase & {
      readonly kind: 'exec-exited';
      readonly execId: string;
      readonly code: number;
      readonly signal: string | null;
    });

/** One container as the runtime knows it. One that never ran is not known to it. */
export interface RuntimeContainer {
  readonly id: string;
  readonly running: boolean;
  /** Only of a running one. */
  readonly paused: boolean;
  /** 0 when it does not run. */
  readonly pid: number;
  readonly startedAt: string;
  /** Of the last run, when it does not run. */
  readonly exit: ContainerExit | null;
  readonly addresses: readonly AssignedAddress[];
  readonly ports: readonly PublishedPort[];
}

export interface RuntimeListing {
  readonly containers: readonly RuntimeContainer[];
  /** The last event that the listing reflects. */
  readonly asOfSeq: number;
}
