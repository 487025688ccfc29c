import type { EngineError } from './engine-error.ts';

/** Exit codes of the command line that are not a container's own, as docker(1) has them. */
export const EXIT_CODES = {
  failed: 1,
  usage: 2,
  engine: 125,
  notExecutable: 126,
  notFound: 127,
  interrupted: 130,
} as const;

/** What `longshore run` and `exec` exit with when the command never ran. */
export function exitCodeOf(error: EngineError): number {
  return error.detail.exitCode ?? EXIT_CODES.engine;
}
