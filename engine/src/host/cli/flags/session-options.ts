import { type Command, InvalidArgumentError } from 'commander';
import { parseDetachKeys } from '../../../detach-keys.ts';
import { toEngineError } from '../../../errors/index.ts';

/** How a person's terminal is joined to a container's streams. */
export interface DetachOptions {
  readonly detachKeys?: readonly number[];
}

export interface SignalOptions {
  readonly sigProxy: boolean;
}

export function addDetachKeys(command: Command): Command {
  return command.option('--detach-keys <keys>', 'keys that leave it running (ctrl-p,ctrl-q)', detachKeys);
}

function detachKeys(value: string): readonly number[] {
  try {
    return parseDetachKeys(value);
  } catch (thrown) {
    throw new InvalidArgumentError(toEngineError(thrown).message);
  }
}

export function addSigProxy(command: Command): Command {
  return command.option('--sig-proxy', 'pass signals on to it, unless it has a terminal', true);
}
