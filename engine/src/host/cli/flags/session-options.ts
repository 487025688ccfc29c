import type { Command } from 'commander';
import { parseDetachKeys } from '../terminal/detach-keys.ts';

/** How a person's terminal is joined to a container's streams. */
export interface DetachOptions {
  readonly detachKeys?: readonly number[];
}

export interface SignalOptions {
  readonly sigProxy: boolean;
}

export function addDetachKeys(command: Command): Command {
  return command.option(
    '--detach-keys <keys>',
    'keys that leave it running (ctrl-p,ctrl-q)',
    parseDetachKeys,
  );
}

export function addSigProxy(command: Command): Command {
  return command.option('--sig-proxy', 'pass signals on to it, unless it has a terminal', true);
}
