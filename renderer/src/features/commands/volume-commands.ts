import { createVolumeArguments, type VolumeRequest } from '../volumes/volume-form.ts';
import { type ActionCommand, onlyLongshore, same } from './action-command.ts';

export function createVolumeCommand(request: VolumeRequest): ActionCommand {
  return same(...createVolumeArguments(request));
}

/** Of the window and of longshore a volume can be taken back. */
export function removeVolumesCommand(names: readonly string[]): ActionCommand {
  return { ...same('volume', 'rm', ...names), missing: ['command.missing.trash'] };
}

/** `all`: those with a name too. */
export function pruneVolumesCommand(all: boolean): ActionCommand {
  return { ...same('volume', 'prune', '-f', ...(all ? ['-a'] : [])), missing: ['command.missing.trash'] };
}

/** What docker has no verbs for. */
export function ownVolumeCommand(...words: readonly string[]): ActionCommand {
  return onlyLongshore(...words);
}

export function inspectVolumeCommand(name: string): ActionCommand {
  return same('volume', 'inspect', name);
}
