import type { ContainerState } from '../../../types/index.ts';
import { ago, humanDuration } from './units.ts';

/** The STATUS column: `Up 3 minutes (healthy)`, `Exited (137) 2 hours ago`. */
export function statusWords(state: ContainerState, now = Date.now()): string {
  switch (state.status) {
    case 'running':
    case 'stopping':
      return `${upWords(state, now)}${healthWords(state)}`;
    case 'paused':
      return `${upWords(state, now)} (Paused)`;
    case 'created':
      return 'Created';
    case 'starting':
      return 'Starting';
    case 'restarting':
      return state.exit === null
        ? 'Restarting'
        : `Restarting (${state.exit.code}) ${ago(state.exit.at, now)}`;
    case 'removing':
      return 'Removal In Progress';
    case 'exited':
      return exitWords(state, now);
  }
}

function upWords({ startedAt }: ContainerState, now: number): string {
  return `Up ${humanDuration(startedAt === null ? 0 : now - Date.parse(startedAt))}`;
}

function healthWords({ health }: ContainerState): string {
  if (health === null) return '';
  return health.status === 'starting' ? ' (health: starting)' : ` (${health.status})`;
}

function exitWords({ exit }: ContainerState, now: number): string {
  if (exit === null) return 'Exited';
  const reason = exit.oomKilled ? ', out of memory' : '';
  return `Exited (${exit.code}${reason}) ${ago(exit.at, now)}`;
}
