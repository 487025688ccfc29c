import { EngineError } from '../errors/index.ts';
import type { Container } from './container.ts';

/** What a container's state forbids, in Docker's words where clients look for them. */

export function notRunning(container: Container): EngineError {
  return new EngineError('conflict', `Container ${container.name} is not running.`, {
    detail: { path: container.name },
    hint: 'Start it first.',
  });
}

export function pausedAlready(container: Container, hint = 'Unpause it first.'): EngineError {
  return new EngineError('conflict', `Container ${container.name} is paused.`, {
    detail: { path: container.name },
    hint,
  });
}

export function notPaused(container: Container): EngineError {
  return new EngineError('conflict', `Container ${container.name} is not paused.`, {
    detail: { path: container.name },
  });
}

/** It has ended and is about to be started again. */
export function restarting(container: Container, hint: string): EngineError {
  return new EngineError('conflict', `Container ${container.name} is restarting.`, {
    detail: { path: container.name },
    hint,
  });
}

/** Of a removal without force. */
export function stillRunning(container: Container): EngineError {
  if (container.paused) return pausedAlready(container, 'Unpause and stop it first, or remove it by force.');
  if (container.awaitsRetry) return restarting(container, 'Stop it first, or remove it by force.');
  return new EngineError('conflict', `Container ${container.name} is running.`, {
    detail: { path: container.name },
    hint: 'Stop it first, or remove it by force.',
  });
}

export function undead(container: Container): EngineError {
  return new EngineError('unavailable', `Container ${container.name} did not end after SIGKILL.`, {
    detail: { step: 'kill', path: container.name },
    hint: 'A process of it is stuck in the kernel, on a broken disk or network mount most often.',
  });
}
