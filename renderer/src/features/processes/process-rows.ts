import type { ContainerProcess } from '@longshore/engine/types';

export interface ProcessRow extends ContainerProcess {
  /** Of one processor since the answer before; null when there is none to compare with. */
  readonly cpu: number | null;
}

export interface ProcessList {
  readonly at: number;
  readonly rows: readonly ProcessRow[];
  readonly truncated: boolean;
}

/** Older answers say nothing of the load now. */
const LONGEST_MS = 10_000;

/** The processes with their load, which two answers tell together. A pid that was given anew is another process. */
export function processRows(
  before: ProcessList | undefined,
  now: readonly ContainerProcess[],
  at: number,
): readonly ProcessRow[] {
  const elapsed = before === undefined ? Infinity : at - before.at;
  const known = new Map(elapsed > LONGEST_MS ? [] : before?.rows.map((row) => [row.pid, row]));
  return now.map((process) => {
    const same = known.get(process.pid);
    if (same?.startedAt !== process.startedAt || elapsed <= 0) return { ...process, cpu: null };
    return { ...process, cpu: Math.max(0, process.cpuNs - same.cpuNs) / (elapsed * 1e6) };
  });
}
