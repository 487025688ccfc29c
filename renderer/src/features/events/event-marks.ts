import type { ContainerAction, ContainerEvent } from '@longshore/engine/types';
import type { ShapeName, Tone } from '../../ui/icon.tsx';
import { shownExit } from '../containers/container-state.ts';

interface Mark {
  readonly shape: ShapeName;
  readonly tone: Tone;
}

const MARKS: Partial<Readonly<Record<ContainerAction, Mark>>> = {
  start: { shape: 'running', tone: 'ok' },
  unpause: { shape: 'running', tone: 'ok' },
  restart: { shape: 'running', tone: 'ok' },
  pause: { shape: 'paused', tone: 'warn' },
  oom: { shape: 'failed', tone: 'bad' },
  start_failed: { shape: 'failed', tone: 'bad' },
};

const CHANGED_NO_STATE: Mark = { shape: 'created', tone: 'idle' };

/** The state that the event led to, as the lists show it; undefined of what changed no state. */
export function stateMarkOf(event: ContainerEvent): Mark | undefined {
  if (event.action === 'die') {
    return event.exit === undefined ? { shape: 'exited', tone: 'idle' } : shownExit(event.exit);
  }
  if (event.action === 'health_status') {
    return event.attributes['health_status'] === 'unhealthy'
      ? { shape: 'unhealthy', tone: 'bad' }
      : { shape: 'done', tone: 'ok' };
  }
  return MARKS[event.action];
}

/** The same, with a ring for what changed no state. */
export function markOf(event: ContainerEvent): Mark {
  return stateMarkOf(event) ?? CHANGED_NO_STATE;
}
