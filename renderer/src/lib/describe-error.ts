import { type EngineError, toEngineError } from '@longshore/engine/errors';

export interface DescribedError {
  readonly title: string;
  readonly hint?: string;
  /** For those who mend it: class, step, errno and path, one a line. */
  readonly details: string;
}

export function describeError(thrown: unknown): DescribedError {
  const error = toEngineError(thrown);
  return {
    title: error.message,
    ...(error.hint !== undefined && { hint: error.hint }),
    details: detailsOf(error),
  };
}

function detailsOf(error: EngineError): string {
  const { step, errno, path, exitCode } = error.detail;
  const lines = [
    `error: ${error.code}`,
    step !== undefined && `step: ${step}`,
    errno !== undefined && `errno: ${errno}`,
    path !== undefined && `path: ${path}`,
    exitCode !== undefined && `exit code: ${exitCode}`,
    `message: ${error.message}`,
  ];
  return lines.filter((line) => line !== false).join('\n');
}
