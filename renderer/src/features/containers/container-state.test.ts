import type { ContainerExit } from '@longshore/engine/types';
import { describe, expect, it } from 'vitest';
import { believableContainers } from '../../testing/fake-data.ts';
import { viewOf } from './container-list.ts';
import { shownExit, shownState } from './container-state.ts';

const exit: ContainerExit = {
  code: 0,
  signal: null,
  oomKilled: false,
  memoryPeakBytes: null,
  memoryLimitBytes: null,
  at: '2026-11-21T14:00:00Z',
};

describe('shownExit', () => {
  it.each([
    ['success', {}, 'exited', 'idle'],
    ['failure', { code: 1 }, 'failed', 'bad'],
    ['out of memory, though it was killed', { code: 137, signal: 'KILL', oomKilled: true }, 'failed', 'bad'],
    ['a stop that was asked for', { code: 143, signal: 'TERM' }, 'exited', 'idle'],
    ['a kill', { code: 137, signal: 'KILL' }, 'failed', 'warn'],
  ] as const)('%s', (_, part, shape, tone) =>
    expect(shownExit({ ...exit, ...part })).toMatchObject({ shape, tone }),
  );
});

it('tells a container that failed to start from one that never was', () => {
  const created = { status: 'created', pid: null, startedAt: null, exit: null, failure: null } as const;
  expect(shownState(created).shape).toBe('created');
  expect(shownState({ ...created, failure: { message: 'no', at: exit.at } }).word).toBe(
    'state.failedToStart',
  );
});

describe('viewOf', () => {
  const all = believableContainers();

  it('has the running ones first and counts all, whatever is searched', () => {
    const { shown, counts } = viewOf(all, 'all', 'shop-api');
    expect(shown.map(({ name }) => name)).toEqual(['api', 'preview', 'migrate-check']);
    expect(counts).toEqual({ all: all.length, running: 10, stopped: all.length - 10 });
  });

  it('finds by every word, in names, commands and labels', () => {
    expect(viewOf(all, 'running', 'team=shop server').shown.map(({ name }) => name)).toEqual(['api']);
  });
});
