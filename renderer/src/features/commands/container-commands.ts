import type { ContainerRequestInput } from '@longshore/engine/contract';
import { runArguments } from '../run/run-command.ts';
import { type ActionCommand, differs, same } from './action-command.ts';

type Names = readonly string[];

/** docker can only leave user namespaces to its daemon's settings. */
export function runCommand(request: ContainerRequestInput, seccompFile?: string): ActionCommand {
  const { users, ...rest } = request;
  return differs(runArguments(request, seccompFile), runArguments(rest, seccompFile), [
    users === 'auto' && 'command.missing.users',
  ]);
}

export function lifeCommand(
  verb: 'start' | 'stop' | 'restart' | 'kill' | 'pause' | 'unpause',
  names: Names,
): ActionCommand {
  return same(verb, ...names);
}

/** As the window removes: one that runs is killed first. */
export function removeCommand(names: Names, { volumes }: { readonly volumes: boolean }): ActionCommand {
  return same('rm', '-f', ...(volumes ? ['-v'] : []), ...names);
}

export function pruneContainersCommand(): ActionCommand {
  return same('container', 'prune', '-f');
}

export function renameCommand(name: string, next: string): ActionCommand {
  return same('rename', name, next);
}

export interface CommitOrder {
  readonly reference?: string;
  readonly message: string;
  readonly author: string;
  readonly pause: boolean;
}

export function commitCommand(name: string, order: CommitOrder): ActionCommand {
  return same(
    'commit',
    ...(order.message === '' ? [] : ['-m', order.message]),
    ...(order.author === '' ? [] : ['-a', order.author]),
    ...(order.pause ? [] : ['--pause=false']),
    name,
    ...(order.reference === undefined ? [] : [order.reference]),
  );
}

export function exportCommand(name: string): ActionCommand {
  return same('export', '-o', `${name}.tar`, name);
}

export function logsCommand(name: string): ActionCommand {
  return same('logs', '-f', name);
}

export interface ExecOrder {
  readonly command: readonly string[];
  readonly user?: string;
}

export function execCommand(name: string, { command, user }: ExecOrder): ActionCommand {
  return same('exec', '-it', ...(user === undefined ? [] : ['-u', user]), name, ...command);
}

/** A file or folder of the container into the folder where the line is typed. */
export function copyOutCommand(name: string, path: string): ActionCommand {
  return same('cp', `${name}:${path}`, '.');
}

/** Into a folder of the container. */
export function copyInCommand(file: string, name: string, folder: string): ActionCommand {
  return same('cp', file.startsWith('-') ? `./${file}` : file, `${name}:${folder}`);
}

export function lookCommand(
  verb: 'inspect' | 'top' | 'stats' | 'diff' | 'port',
  name: string,
): ActionCommand {
  return same(verb, name);
}
