import type { OciRlimit } from '../../runtime/index.ts';
import type { Ulimit } from '../../types/index.ts';

/** The names are checked when the container is made. */
export function rlimits(ulimits: readonly Ulimit[]): readonly OciRlimit[] {
  return ulimits.map(({ name, soft, hard }) => ({
    type: `RLIMIT_${name.toUpperCase()}`,
    soft: soft === -1 ? Infinity : soft,
    hard: hard === -1 ? Infinity : hard,
  }));
}
