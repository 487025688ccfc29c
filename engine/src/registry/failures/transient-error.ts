import { EngineError, type EngineErrorOptions } from '../../errors/index.ts';

/** A failure that may pass by itself: asking again makes sense. */
export class TransientError extends EngineError {
  /** What the registry asked us to wait; null when it said nothing. */
  readonly retryAfterMs: number | null;

  constructor(message: string, options: EngineErrorOptions & { readonly retryAfterMs?: number | null } = {}) {
    super('unavailable', message, options);
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
