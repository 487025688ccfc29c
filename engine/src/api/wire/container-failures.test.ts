import { expect, it } from 'vitest';
import { EngineError } from '../../errors/index.ts';
import { startFailure } from './container-failures.ts';

function notStarted(errno: string, exitCode: number): EngineError {
  return new EngineError('failed-precondition', 'The image is made for linux/s390x.', {
    detail: { step: 'exec', errno, exitCode, path: '/program' },
    hint: 'Install an emulator.',
  });
}

it.each([
  ['EACCES', 126, 'permission denied'],
  ['ENOENT', 127, 'executable file not found in $PATH'],
  ['ENOEXEC', 126, 'exec format error: The image is made for linux/s390x. Install an emulator.'],
])('%s of a command is told in words that docker knows, and what helps stays', (errno, exitCode, words) => {
  expect(startFailure(notStarted(errno, exitCode))).toMatchObject({
    status: 400,
    message: `unable to start container process: exec: "/program": ${words}`,
  });
});
