import { type EngineError, httpStatusOf, toEngineError } from '../../errors/index.ts';
import { dockerWords } from '../wire/docker-words.ts';

/** A refusal in the words and with the status that Docker's clients look for. */
export class DockerError extends Error {
  override readonly name = 'DockerError';
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Anything that was thrown, as an answer: Docker's words where it has any, else the engine's sentence with its hint. */
export function toDockerError(thrown: unknown): DockerError {
  if (thrown instanceof DockerError) return thrown;
  const error = toEngineError(thrown);
  const message = dockerWords(error.message) ?? ownWords(error);
  return new DockerError(httpStatusOf(error.code), message, { cause: thrown });
}

/** The engine's sentence with its hint. */
export function ownWords({ message, hint }: EngineError): string {
  return hint === undefined ? message : `${message} ${hint}`;
}

/** A bug of ours, as against something that was expected to happen. */
export function isBug(thrown: unknown): boolean {
  return !(thrown instanceof DockerError) && toEngineError(thrown).code === 'internal';
}
