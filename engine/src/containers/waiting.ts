import { EngineError } from '../errors/index.ts';
import type { ContainerExit } from '../types/index.ts';
import type { Container } from './container.ts';
import type { InputOf } from './handler-input.ts';

/**
 * Docker's three conditions. `not-running` is over with the first exit, also when a restart policy or a restart by hand
 * starts the container again. A start that fails ends a wait for the next exit with the same words.
 */
export function waitFor(
  container: Container,
  condition: InputOf<'wait'>['condition'],
  signal: AbortSignal,
): Promise<ContainerExit> {
  switch (condition) {
    case 'not-running':
      return container.until(restOrExit(container), signal);
    case 'removed':
      return container.until(() => (container.removed ? lastExit(container) : undefined), signal);
    case 'next-exit':
      return container.until(nextExit(container), signal);
  }
}

function restOrExit(container: Container): () => ContainerExit | undefined {
  const { exit: knownExit } = container;
  return () => {
    const { exit } = container;
    if (exit !== null && exit !== knownExit) return exit;
    return isResting(container) ? lastExit(container) : undefined;
  };
}

function nextExit(container: Container): () => ContainerExit | undefined {
  const { exit: knownExit } = container;
  const { failure: knownFailure } = container.state;
  return () => {
    const { exit, state, removed } = container;
    if (exit !== null && exit !== knownExit) return exit;
    const { failure } = state;
    if (failure !== null && failure !== knownFailure) {
      throw new EngineError('failed-precondition', failure.message, {
        ...(failure.detail !== undefined && { detail: failure.detail }),
        ...(failure.hint !== undefined && { hint: failure.hint }),
      });
    }
    if (removed) throw new EngineError('not-found', `Container ${container.name} was removed.`);
    return undefined;
  };
}

function isResting(container: Container): boolean {
  const { status } = container.state;
  return container.removed || status === 'created' || status === 'exited' || status === 'removing';
}

/** Of a container that never ran, Docker's answer: code 0. */
function lastExit(container: Container): ContainerExit {
  return (
    container.exit ?? {
      code: 0,
      signal: null,
      oomKilled: false,
      memoryPeakBytes: null,
      memoryLimitBytes: null,
      at: container.record.createdAt,
    }
  );
}
