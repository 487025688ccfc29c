import type { ContainerExit, ContainerState } from '@longshore/engine/types';
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
  switch (state.status) {
    case 'running':
      return { shape: 'running', tone: 'ok', word: 'state.running', values: {} };
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

export type StateFilter = 'all' | 'running' | 'stopped';

/** Whether processes of it are, or may be, there. */
export function isLive(state: ContainerState): boolean {
  return state.status !== 'created' && state.status !== 'exited';
}

/** In the middle of a change: another change has to wait. */
export function isBusy(state: ContainerState): boolean {
  return state.status !== 'created' && state.status !== 'exited' && state.status !== 'running';
}

export function matchesFilter(state: ContainerState, filter: StateFilter): boolean {
  return filter === 'all' || isLive(state) === (filter === 'running');
}
