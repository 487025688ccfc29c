import { httpStatusOf, toEngineError } from '../../errors/index.ts';

/** A refusal in the words and with the status that Docker's clients look for. */
export class DockerError extends Error {
  override readonly name = 'DockerError';
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Anything that was thrown, as an answer: the engine's sentence with its hint, where no route has said it better. */
export function toDockerError(thrown: unknown): DockerError {
  if (thrown instanceof DockerError) return thrown;
  const error = toEngineError(thrown);
  const message = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
  return new DockerError(httpStatusOf(error.code), message, { cause: thrown });
}

/** A bug of ours, as against something that was expected to happen. */
export function isBug(thrown: unknown): boolean {
  return !(thrown instanceof DockerError) && toEngineError(thrown).code === 'internal';
}
