import { type ActionCommand, same } from './action-command.ts';

export interface PruneSystemOrder {
  /** Also images with a name that nobody uses. */
  readonly all: boolean;
  readonly volumes: boolean;
}

export function pruneSystemCommand({ all, volumes }: PruneSystemOrder): ActionCommand {
  return same('system', 'prune', '-f', ...(all ? ['-a'] : []), ...(volumes ? ['--volumes'] : []));
}

export function signInCommand(registry: string, username: string): ActionCommand {
  return same('login', ...(username === '' ? [] : ['-u', username]), registry);
}
