import { expect, it } from 'vitest';
import type { ContainerProcess } from '@longshore/engine/types';
import { processRows } from './process-rows.ts';

const process = (pid: number, cpuNs: number, startedAt = '2026-11-21T14:00:00Z'): ContainerProcess => ({
  pid,
  parentPid: 1,
  pidInside: 1,
  uid: 0,
  gid: 0,
  tty: null,
  startedAt,
  cpuNs,
  state: 'S',
  residentBytes: 0,
  virtualBytes: 0,
  threads: 1,
  name: 'sh',
  args: ['sh'],
});

const loads = (...args: Parameters<typeof processRows>) => processRows(...args).map(({ cpu }) => cpu);

it('tells the load between two answers, and nothing of what is new, old, or another process', () => {
  const rows = processRows(undefined, [process(1, 0), process(2, 5e8)], 1000);
  expect(rows.map(({ cpu }) => cpu)).toEqual([null, null]);
  const before = { at: 1000, rows, truncated: false };
  expect(loads(before, [process(1, 1e9), process(2, 5e8), process(3, 9e9)], 3000)).toEqual([0.5, 0, null]);
  expect(loads(before, [process(1, 1e9, '2026-11-21T15:00:00Z')], 3000)).toEqual([null]);
  expect(loads(before, [process(1, 1e9)], 60_000)).toEqual([null]);
});
