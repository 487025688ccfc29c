import type { Ulimit } from '../../types/index.ts';
import { refused } from './refused.ts';

/** Resources of getrlimit(2) that Docker accepts. */
const NAMES: readonly string[] = [
  'as',
  'core',
  'cpu',
  'data',
  'fsize',
  'locks',
  'memlock',
  'msgqueue',
  'nice',
  'nofile',
  'nproc',
  'rss',
  'rtprio',
  'rttime',
  'sigpending',
  'stack',
];

export function checkUlimits(ulimits: readonly Ulimit[]): void {
  const seen = new Set<string>();
  for (const { name, soft, hard } of ulimits) {
    if (!NAMES.includes(name)) refused(`There is no ulimit "${name}".`, name);
    if (seen.has(name)) refused(`The ulimit ${name} is given twice.`, name);
    seen.add(name);
    if (hard !== -1 && (soft === -1 || soft > hard)) {
      refused(`The soft limit of ${name} cannot be more than its hard limit.`, name);
    }
  }
}
