import { describe, expect, it } from 'vitest';
import type { ContainerState } from '../../types/index.ts';
import { CREATED } from '../../testing/api/container-details.ts';
import { stateJson, statusWords } from './container-status.ts';

const NOW = Date.parse('2026-01-01T01:00:00Z');

const RUNNING: ContainerState = { ...CREATED, status: 'running', pid: 7, startedAt: '2026-01-01T00:55:00Z' };
const EXIT = {
  code: 3,
  signal: null,
  oomKilled: false,
  memoryPeakBytes: null,
  memoryLimitBytes: null,
  at: '2026-01-01T00:58:00Z',
};
const HEALTH = { status: 'healthy', failingStreak: 0, probes: [] } as const;

describe('the STATUS column', () => {
  it.each<readonly [words: string, state: ContainerState]>([
    ['Created', CREATED],
    ['Created', { ...CREATED, status: 'starting' }],
    ['Up 5 minutes', RUNNING],
    ['Up 5 minutes', { ...RUNNING, status: 'stopping' }],
    ['Up 5 minutes (Paused)', { ...RUNNING, status: 'paused' }],
    ['Up 5 minutes (healthy)', { ...RUNNING, health: HEALTH }],
    ['Up 5 minutes (health: starting)', { ...RUNNING, health: { ...HEALTH, status: 'starting' } }],
    ['Exited (3) 2 minutes ago', { ...RUNNING, status: 'exited', pid: null, exit: EXIT }],
    ['Restarting (3) 2 minutes ago', { ...RUNNING, status: 'restarting', pid: null, exit: EXIT }],
    ['Removal In Progress', { ...CREATED, status: 'removing' }],
  ])('is %s', (words, state) => {
    expect(statusWords(state, NOW)).toBe(words);
  });
});

describe('the state of inspect', () => {
  it('of one that never ran has Go’s zero times', () => {
    expect(stateJson({ state: CREATED })).toMatchObject({
      Status: 'created',
      Running: false,
      Pid: 0,
      ExitCode: 0,
      StartedAt: '0001-01-01T00:00:00Z',
      FinishedAt: '0001-01-01T00:00:00Z',
    });
  });

  it('of a paused one says that it runs', () => {
    const state: ContainerState = { ...RUNNING, status: 'paused' };
    expect(stateJson({ state })).toMatchObject({ Status: 'paused', Running: true, Paused: true, Pid: 7 });
  });

  it('of a start that failed has the code of a shell, and why', () => {
    const failure = { message: 'no such program', detail: { exitCode: 127 }, at: EXIT.at };
    expect(stateJson({ state: { ...CREATED, failure } })).toMatchObject({
      ExitCode: 127,
      Error: 'no such program',
    });
  });
});
