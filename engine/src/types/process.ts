export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What a client sends into an exec or an attachment. */
export type ProcessInput =
  | { readonly kind: 'stdin'; readonly data: Uint8Array }
  | { readonly kind: 'resize'; readonly size: TerminalSize };

/** What comes back. First `ready`, last `exited` (unless detached). */
export type ProcessOutput =
  | { readonly kind: 'ready'; readonly pid: number | null }
  | { readonly kind: 'stdout'; readonly data: Uint8Array }
  | { readonly kind: 'stderr'; readonly data: Uint8Array }
  | { readonly kind: 'exited'; readonly code: number; readonly signal: string | null };

/** A process of a container, as the host sees it. */
export interface ContainerProcess {
  readonly pid: number;
  readonly parentPid: number;
  /** As the container numbers it. */
  readonly pidInside: number;
  /** Effective, as the host numbers them. */
  readonly uid: number;
  readonly gid: number;
  /** `pts/0`; null without a controlling terminal. */
  readonly tty: string | null;
  /** ISO 8601. */
  readonly startedAt: string;
  /** User and system time together. */
  readonly cpuNs: number;
  /** As in /proc/PID/stat: `R`, `S`, `D`, `Z`, `T`. */
  readonly state: string;
  readonly residentBytes: number;
  readonly virtualBytes: number;
  readonly threads: number;
  /** As the kernel keeps it, at most 15 bytes. */
  readonly name: string;
  /** Empty of a zombie. */
  readonly args: readonly string[];
}

export interface ContainerProcesses {
  /** By pid, ascending. */
  readonly processes: readonly ContainerProcess[];
  /** There are more than an answer holds. */
  readonly truncated: boolean;
}
