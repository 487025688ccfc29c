import type { ContainerExit } from '@longshore/engine/types';
import { describe, expect, it } from 'vitest';
import { believableContainers } from '../../testing/fake-data.ts';
import { CREATED, healthOf, runningSince } from '../../testing/fake-parts.ts';
import { viewOf } from './container-list.ts';
import { hasProcesses, isBusy, shownExit, shownState } from './container-state.ts';

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
  expect(shownState(CREATED).shape).toBe('created');
  expect(shownState({ ...CREATED, failure: { message: 'no', at: exit.at } }).word).toBe(
    'state.failedToStart',
  );
});

describe('shownState', () => {
  const running = runningSince(60_000);

  it.each([
    ['a check that succeeds', { ...running, health: healthOf('healthy', 0, []) }, 'running', 'ok'],
    ['a check that did not yet', { ...running, health: healthOf('starting', 0, []) }, 'running', 'info'],
    ['a check that fails', { ...running, health: healthOf('unhealthy', 3, []) }, 'unhealthy', 'bad'],
    ['a pause', { ...running, status: 'paused' }, 'paused', 'warn'],
    ['a restart', { ...running, status: 'restarting' }, 'busy', 'info'],
  ] as const)('%s', (_, state, shape, tone) => expect(shownState(state)).toMatchObject({ shape, tone }));

  it('tells a crash loop while it waits and while it runs, and no more once it is stopped', () => {
    const crashLooping = { sinceExitCount: 4, nextRetryAt: null };
    expect(shownState({ ...running, crashLooping }).word).toBe('state.crashLooping');
    expect(shownState({ ...running, status: 'restarting', crashLooping }).word).toBe('state.crashLooping');
    expect(shownState({ ...running, status: 'exited', crashLooping, exit }).word).toBe('state.exited');
  });
});

it('can stop what waits for its restart policy, and pause nothing that has no processes', () => {
  const waiting = { ...CREATED, status: 'restarting', nextRetryAt: exit.at } as const;
  expect(isBusy(waiting)).toBe(false);
  expect(hasProcesses(waiting)).toBe(false);
  expect(isBusy({ ...waiting, nextRetryAt: null })).toBe(true);
});

describe('viewOf', () => {
  const all = believableContainers();

  it('has the running ones first and counts all, whatever is searched', () => {
    const { shown, counts } = viewOf(all, 'all', 'shop-api');
    expect(shown.map(({ name }) => name)).toEqual(['api', 'preview', 'migrate-check']);
    expect(counts).toEqual({ all: 22, running: 13, paused: 1, stopped: 8, trouble: 5 });
  });

  it('finds by every word, in names, commands and labels', () => {
    expect(viewOf(all, 'running', 'team=shop server').shown.map(({ name }) => name)).toEqual(['api']);
  });
});
