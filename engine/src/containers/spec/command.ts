import type { ImageRunConfig } from '../../types/index.ts';
import { EngineError } from '../../errors/index.ts';

export interface Command {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
}

/**
 * Docker's rule (moby, daemon/commit.go `merge`): an entrypoint that is given drops the image's command as well;
 * an empty one, `[]` or `[""]`, removes the image's entrypoint, but only `[""]` its command.
 */
export function mergeCommand(asked: Partial<Command>, image: ImageRunConfig): Command {
  const merged = mergeWithImage(asked, image);
  const entrypoint = merged.entrypoint.length === 1 && merged.entrypoint[0] === '' ? [] : merged.entrypoint;
  const first = entrypoint[0] ?? merged.command[0];
  if (first === undefined || first === '') {
    throw new EngineError('invalid-argument', 'No command was given, and the image has none.', {
      detail: { step: 'command' },
      hint: 'Say which program the container is to run.',
    });
  }
  return { entrypoint, command: merged.command };
}

function mergeWithImage(asked: Partial<Command>, image: ImageRunConfig): Command {
  const command = asked.command ?? [];
  if (asked.entrypoint !== undefined && asked.entrypoint.length > 0) {
    return { entrypoint: asked.entrypoint, command };
  }
  return {
    entrypoint: asked.entrypoint ?? image.entrypoint,
    command: command.length > 0 ? command : image.command,
  };
}
