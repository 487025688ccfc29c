import type { Container } from './container.ts';
import type { Parts } from './parts.ts';
import { notPaused, notRunning, pausedAlready, restarting } from './refusals.ts';

/**
 * Freezing and thawing. The caller holds the container's mutex. What is shown follows the runtime's events, so both
 * answer when those have come.
 */
export class Pausing {
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  async pause(container: Container, signal: AbortSignal): Promise<void> {
    if (container.awaitsRetry) throw restarting(container, 'Wait until it runs.');
    if (!container.running) throw notRunning(container);
    if (container.paused) throw pausedAlready(container, 'There is nothing to do.');
    await this.parts.runtime.pause(container.id, { signal });
    await container.until(() => (container.paused || !container.running ? true : undefined), signal);
  }

  async unpause(container: Container, signal: AbortSignal): Promise<void> {
    if (!container.paused) throw notPaused(container);
    await this.parts.runtime.resume(container.id, { signal });
    await container.until(() => (container.paused ? undefined : true), signal);
  }
}
