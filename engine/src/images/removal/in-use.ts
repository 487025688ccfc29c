import { EngineError } from '../../errors/index.ts';
import type { ImageUser } from '../image-use.ts';

/**
 * Throws when containers need what is to be removed. `force`: `allowed` would take the names only, `given` does, and
 * where it changes `nothing` it is not spoken of.
 */
export function refuseInUse(
  text: string,
  users: readonly ImageUser[],
  force: 'given' | 'allowed' | 'nothing',
): void {
  const running = users.find((user) => user.running);
  if (running !== undefined) {
    throw new EngineError(
      'conflict',
      `${text} cannot be removed: the container ${running.name} runs on it.`,
      {
        detail: { step: 'remove', path: running.id },
        hint: 'Stop and remove the container first.',
      },
    );
  }
  const [user] = users;
  if (user === undefined || force === 'given') return;
  const names = force === 'allowed' ? ', or force it: then only the names of the image go' : '';
  throw new EngineError(
    'conflict',
    `${text} cannot be removed: the container ${user.name} was made from it.`,
    {
      detail: { step: 'remove', path: user.id },
      hint: `Remove the container first${names}.`,
    },
  );
}

export function stillNeeded(text: string, users: readonly ImageUser[]): EngineError {
  return new EngineError(
    'conflict',
    `${text} has no name left, and ${users.length} containers still need it.`,
    {
      detail: { step: 'remove', path: users[0]?.id ?? '' },
      hint: `Remove the containers first: ${users.map(({ name }) => name).join(', ')}.`,
    },
  );
}
