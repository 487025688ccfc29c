import { type EngineError, isEngineError } from '@longshore/engine/errors';

export const SHELLS = ['bash', 'sh', 'ash'] as const;

/** `auto`, or the shell by name. */
export type ShellChoice = 'auto' | (typeof SHELLS)[number];

export function candidatesOf(choice: ShellChoice): readonly string[] {
  return choice === 'auto' ? SHELLS : [choice];
}

const COMMAND_NOT_FOUND = 127;
const COMMAND_NOT_EXECUTABLE = 126;

/** The program is not in the container: the next shell may be. Any other failure is one. */
export function isMissingProgram(error: unknown): error is EngineError {
  if (!isEngineError(error)) return false;
  const { exitCode, errno } = error.detail;
  return (
    exitCode === COMMAND_NOT_FOUND ||
    exitCode === COMMAND_NOT_EXECUTABLE ||
    errno === 'ENOENT' ||
    errno === 'EACCES'
  );
}
