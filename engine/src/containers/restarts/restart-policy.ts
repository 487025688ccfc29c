import type { RestartPolicy } from '../../types/index.ts';

/** Docker's numbers (moby, internal/restartmanager). */
const FIRST_BACK_OFF_MS = 100;
const LAST_BACK_OFF_MS = 60_000;

/** A run as long as this was no crash at the start: the back-off begins anew. */
export const LONG_RUN_MS = 10_000;

/** How long to wait before the next start; `before` is null at the first. */
export function nextBackOff(before: number | null, ranMs: number): number {
  if (before === null || ranMs >= LONG_RUN_MS) return FIRST_BACK_OFF_MS;
  return Math.min(before * 2, LAST_BACK_OFF_MS);
}

export interface LastEnd {
  readonly exitCode: number;
  /** Starts by the policy so far. */
  readonly restartCount: number;
}

/** After an end that nobody asked for. */
export function restartsAfter(policy: RestartPolicy, { exitCode, restartCount }: LastEnd): boolean {
  switch (policy.name) {
    case 'no':
      return false;
    case 'always':
    case 'unless-stopped':
      return true;
    case 'on-failure':
      return exitCode !== 0 && (policy.maximumRetries === 0 || restartCount < policy.maximumRetries);
  }
}

/** When the engine starts: a stop by hand holds everything back but `always`. */
export function startsWithEngine(policy: RestartPolicy, end: LastEnd, stoppedByHand: boolean): boolean {
  if (stoppedByHand && policy.name !== 'always') return false;
  return restartsAfter(policy, end);
}
