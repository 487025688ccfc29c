import { EngineError, type EngineErrorOptions, isEngineError } from '../errors/index.ts';

/** What the kernel refused on our own files as a typed error; anything else is passed on as it is. */
export function diskError(thrown: unknown, path: string): unknown {
  const errno = errnoOf(thrown);
  const detail = { step: 'write', ...(errno !== undefined && { errno }), path };
  switch (errno ?? '') {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull({ detail, cause: thrown });
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

/** `detail` has the errno, ENOSPC or EDQUOT: `isDiskFull` goes by it. */
export function diskFull(
  { detail, cause }: Pick<EngineErrorOptions, 'detail' | 'cause'>,
  message = 'The disk is full.',
): EngineError {
  return new EngineError('failed-precondition', message, {
    ...(detail !== undefined && { detail }),
    hint: 'Free some disk space, by removing images you do not need for example, and try again.',
    cause,
  });
}

/** Whether it failed for want of disk space, here or in the agent. */
export function isDiskFull(thrown: unknown): boolean {
  if (!isEngineError(thrown, 'failed-precondition')) return false;
  return thrown.detail.errno === 'ENOSPC' || thrown.detail.errno === 'EDQUOT';
}

/** The errno by name of what a file operation threw. */
export function errnoOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
