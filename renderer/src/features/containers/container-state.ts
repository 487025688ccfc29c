import type { ContainerExit, ContainerState, HealthStatus } from '@longshore/engine/types';
import type { MessageId, MessageValues } from '../../messages/use-text.ts';
import type { ShapeName, Tone } from '../../ui/icon.tsx';

/** A state as it is shown: shape, colour and word. Running is quiet; weight goes to what is wrong. */
export interface ShownState {
  readonly shape: ShapeName;
  readonly tone: Tone;
  readonly word: MessageId;
  readonly values: MessageValues;
}

/** Ends that a person or an engine asked for; the code tells which signal did it. */
const ASKED_TO_STOP = new Set(['TERM', 'INT', 'QUIT', 'HUP']);

export function shownState(state: ContainerState): ShownState {
  if (state.crashLooping !== null && isLive(state)) {
    return { shape: 'loop', tone: 'bad', word: 'state.crashLooping', values: {} };
  }
  switch (state.status) {
    case 'running':
      return shownHealth(state.health?.status);
    case 'paused':
      return { shape: 'paused', tone: 'warn', word: 'state.paused', values: {} };
    case 'created':
      if (state.failure !== null) return failedToStart();
      return { shape: 'created', tone: 'idle', word: 'state.created', values: {} };
    case 'exited':
      if (state.failure !== null) return failedToStart();
      return state.exit === null
        ? { shape: 'exited', tone: 'idle', word: 'state.exitedUnknown', values: {} }
        : shownExit(state.exit);
    case 'starting':
    case 'stopping':
    case 'restarting':
    case 'removing':
      return { shape: 'busy', tone: 'info', word: `state.${state.status}`, values: {} };
  }
}

function shownHealth(health: HealthStatus | undefined): ShownState {
  switch (health) {
    case undefined:
      return { shape: 'running', tone: 'ok', word: 'state.running', values: {} };
    case 'healthy':
      return { shape: 'running', tone: 'ok', word: 'state.healthy', values: {} };
    case 'starting':
      return { shape: 'running', tone: 'info', word: 'state.healthStarting', values: {} };
    case 'unhealthy':
      return { shape: 'unhealthy', tone: 'bad', word: 'state.unhealthy', values: {} };
  }
}

function failedToStart(): ShownState {
  return { shape: 'failed', tone: 'bad', word: 'state.failedToStart', values: {} };
}

export function shownExit(exit: ContainerExit): ShownState {
  const values = { code: exit.code, signal: exit.signal ?? '' };
  if (exit.oomKilled) return { shape: 'failed', tone: 'bad', word: 'state.oomKilled', values };
  if (exit.signal !== null) {
    return ASKED_TO_STOP.has(exit.signal)
      ? { shape: 'exited', tone: 'idle', word: 'state.stopped', values }
      : { shape: 'failed', tone: 'warn', word: 'state.killed', values };
  }
  if (exit.code === 0) return { shape: 'exited', tone: 'idle', word: 'state.exited', values };
  return { shape: 'failed', tone: 'bad', word: 'state.exited', values };
}

export const STATE_FILTERS = ['all', 'running', 'paused', 'stopped', 'trouble'] as const;
export type StateFilter = (typeof STATE_FILTERS)[number];

/** Whether processes of it are, or may soon be, there. */
export function isLive(state: ContainerState): boolean {
  return state.status !== 'created' && state.status !== 'exited';
}

/** Whether it has processes now: they can be counted, watched and paused. */
export function hasProcesses(state: ContainerState): boolean {
  return state.status === 'running' || state.status === 'paused';
}

/** Stopped by itself, and its restart policy will start it at a moment that is known. */
export function isWaiting(state: ContainerState): boolean {
  return state.status === 'restarting' && state.nextRetryAt !== null;
}

/** In the middle of a change: another change has to wait. */
export function isBusy(state: ContainerState): boolean {
  return isLive(state) && !hasProcesses(state) && !isWaiting(state);
}

export function matchesFilter(state: ContainerState, filter: StateFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'running':
      return isLive(state) && state.status !== 'paused';
    case 'paused':
      return state.status === 'paused';
    case 'stopped':
      return !isLive(state);
    case 'trouble':
      return shownState(state).tone === 'bad';
  }
}
