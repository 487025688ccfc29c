import { EngineError } from '../errors/index.ts';

/** What the kernel refused on our own files as a typed error; anything else is passed on as it is. */
export function diskError(thrown: unknown, path: string): unknown {
  const errno = errnoOf(thrown);
  const detail = { step: 'write', ...(errno !== undefined && { errno }), path };
  switch (errno ?? '') {
    case 'ENOSPC':
    case 'EDQUOT':
      return new EngineError('failed-precondition', 'The disk is full.', {
        detail,
        hint: 'Free some disk space, by removing images you do not need for example, and try again.',
        cause: thrown,
      });
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new EngineError('permission-denied', `Longshore cannot write to its data folder (${path}).`, {
        detail,
        hint: 'Check who owns the folder and whether its disk is mounted read-only.',
        cause: thrown,
      });
    case 'EIO':
      return new EngineError('unavailable', `The disk failed while ${path} was written.`, {
        detail,
        hint: 'Check the health of the disk.',
        cause: thrown,
      });
    default:
      return thrown;
  }
}

/** The errno by name of what a file operation threw. */
export function errnoOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
