import { toEngineError } from '../../errors/index.ts';
import { jsonOrUndefined } from '../../json.ts';
import { DockerError, toDockerError } from '../server/failure.ts';

const DEFAULT_SHELL = '/bin/sh -c';

/** A command of a Dockerfile that failed: its exit code becomes that of `docker build`. */
export class FailedCommand extends DockerError {
  readonly exitCode: number;

  constructor(status: number, message: string, exitCode: number, cause: unknown) {
    super(status, message, { cause });
    this.exitCode = exitCode;
  }
}

/** Why a build failed, in the words of Docker's classic builder where it has some. */
export function buildFailure(thrown: unknown): unknown {
  const { step, path = '', exitCode } = toEngineError(thrown).detail;
  if (step !== 'run' || exitCode === undefined) return thrown;
  const command = commandOf(path);
  return new FailedCommand(
    toDockerError(thrown).status,
    `The command '${command}' returned a non-zero code: ${exitCode}`,
    exitCode,
    thrown,
  );
}

/** Of `RUN --mount=... make`, as the shell got it. */
function commandOf(instruction: string): string {
  const written = instruction.replace(/^\s*RUN\s+(?:--\S+\s+)*/i, '');
  return execForm(written) ?? `${DEFAULT_SHELL} ${written}`;
}

/** `["make", "all"]` as `make all`. */
function execForm(written: string): string | undefined {
  if (!written.startsWith('[')) return undefined;
  const words = jsonOrUndefined(written);
  return Array.isArray(words) ? words.join(' ') : undefined;
}
