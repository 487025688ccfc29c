import { toEngineError } from '../../../errors/index.ts';

/** An error in two lines at most: what happened, and what to do. */
export function errorLines(thrown: unknown): readonly string[] {
  const error = toEngineError(thrown);
  return [`longshore: ${error.message}`, ...(error.hint === undefined ? [] : [`  ${error.hint}`])];
}
