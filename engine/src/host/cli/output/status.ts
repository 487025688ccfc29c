import type { ContainerState } from '../../../types/index.ts';
import { ago, humanDuration } from './units.ts';

/** The STATUS column: `Up 3 minutes`, `Exited (137) 2 hours ago`. */
export function statusWords(state: ContainerState, now = Date.now()): string {
  switch (state.status) {
    case 'running':
    case 'stopping':
      return `Up ${humanDuration(state.startedAt === null ? 0 : now - Date.parse(state.startedAt))}`;
    case 'created':
      return 'Created';
    case 'starting':
      return 'Starting';
    case 'restarting':
      return 'Restarting';
    case 'removing':
      return 'Removal In Progress';
    case 'exited':
      return exitWords(state, now);
  }
}

function exitWords({ exit }: ContainerState, now: number): string {
  if (exit === null) return 'Exited';
  const reason = exit.oomKilled ? ', out of memory' : '';
  return `Exited (${exit.code}${reason}) ${ago(exit.at, now)}`;
}
