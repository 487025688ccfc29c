import { EngineError, type ErrorCode } from '../../../errors/index.ts';
import { errnoOf } from '../../../metadata/index.ts';

const WORDS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOENT: ['not-found', 'no such file or directory'],
  ENOTDIR: ['invalid-argument', 'not a directory'],
  EISDIR: ['invalid-argument', 'is a directory'],
  EACCES: ['permission-denied', 'permission denied'],
  EPERM: ['permission-denied', 'operation not permitted'],
  EROFS: ['permission-denied', 'read-only file system'],
  ELOOP: ['invalid-argument', 'too many levels of symbolic links'],
  EEXIST: ['conflict', 'file exists'],
  ENOSPC: ['failed-precondition', 'no space left on device'],
  EDQUOT: ['failed-precondition', 'disk quota exceeded'],
  ENAMETOOLONG: ['invalid-argument', 'file name too long'],
  EMFILE: ['failed-precondition', 'too many open files'],
};

/** What the kernel refused on a person's own file, in the words that every command has for it. */
export async function inWords<T>(step: string, file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const errno = errnoOf(thrown) ?? '';
    const words = Object.hasOwn(WORDS, errno) ? WORDS[errno] : undefined;
    if (words === undefined) throw thrown;
    const [code, reason] = words;
    throw new EngineError(code, `${step} ${file}: ${reason}`, {
      detail: { step, errno, path: file },
      cause: thrown,
    });
  }
}
