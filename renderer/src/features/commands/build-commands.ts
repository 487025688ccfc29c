import type { BuildSummary } from '@longshore/engine/types';
import { buildArguments, type BuildForm } from '../builds/build-form.ts';
import { type ActionCommand, same } from './action-command.ts';

export function buildCommand(form: BuildForm): ActionCommand {
  return same(...buildArguments(form));
}

/** As it was asked for; undefined: its folder was sent along, and is not known. */
export function buildAgainCommand(build: BuildSummary): ActionCommand | undefined {
  const { context, dockerfile, references, target } = build;
  if (context === '') return undefined;
  return same(
    'build',
    ...(dockerfile === 'Dockerfile' ? [] : ['-f', dockerfile]),
    ...references.flatMap((tag) => ['-t', tag]),
    ...(target === null ? [] : ['--target', target]),
    context,
  );
}

/** `all`: also what images here were made from. */
export function pruneCacheCommand(all: boolean): ActionCommand {
  return same('builder', 'prune', '-f', ...(all ? ['-a'] : []));
}
