import { type EngineError, toEngineError } from '../../errors/index.ts';
import { DockerError, ownWords } from '../server/failure.ts';

/** The words that docker's clients take their exit codes and their next step from. */
const COMMAND_WORDS: Readonly<Record<number, string>> = {
  126: 'permission denied',
  127: 'executable file not found in $PATH',
};

/** Why a container could not be made: a missing image is what clients pull. */
export function containerFailure(thrown: unknown, name: string): unknown {
  const error = toEngineError(thrown);
  if (error.code === 'not-found' && error.detail.step === 'image') return noSuchImage(error);
  if (error.code === 'invalid-argument' && error.detail.path === 'name') {
    return new DockerError(
      400,
      `Invalid container name (${name.slice(0, 300)}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`,
      { cause: thrown },
    );
  }
  if (error.code === 'not-found' && error.detail.step === 'network') {
    // Of a 404 docker(1) thinks that the image is missing, and pulls it.
    return new DockerError(400, `network ${error.detail.path ?? ''} not found`, { cause: thrown });
  }
  return thrown;
}

export function noSuchImage(error: EngineError): DockerError {
  return new DockerError(404, `No such image: ${withTag(error.detail.path ?? '')}`, { cause: error });
}

function withTag(name: string): string {
  return /[@]|:[^/]*$/.test(name) || /^[0-9a-f]{64}$/.test(name) ? name : `${name}:latest`;
}

/** Why a container did not start. */
export function startFailure(thrown: unknown): unknown {
  const error = toEngineError(thrown);
  const { exitCode, path = '', errno } = error.detail;
  if (errno === 'ENOEXEC') {
    return new DockerError(
      400,
      `unable to start container process: exec: "${path}": exec format error: ${ownWords(error)}`,
      { cause: thrown },
    );
  }
  if (exitCode !== undefined && exitCode in COMMAND_WORDS) {
    const words = COMMAND_WORDS[exitCode] ?? '';
    return new DockerError(400, `unable to start container process: exec: "${path}": ${words}`, {
      cause: thrown,
    });
  }
  return thrown;
}
