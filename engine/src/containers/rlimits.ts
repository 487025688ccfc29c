import { EngineError } from '../errors/index.ts';
import type { OciRlimit } from '../runtime/index.ts';
import type { Ulimit } from '../types/index.ts';

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

export function rlimits(ulimits: readonly Ulimit[]): readonly OciRlimit[] {
  return ulimits.map(({ name, soft, hard }) => ({
    type: rlimitType(name),
    soft: soft === -1 ? Infinity : soft,
    hard: hard === -1 ? Infinity : hard,
  }));
}

export function rlimitType(name: string): string {
  if (NAMES.includes(name)) return `RLIMIT_${name.toUpperCase()}`;
  throw new EngineError('invalid-argument', `There is no ulimit "${name}".`, { detail: { path: name } });
}
