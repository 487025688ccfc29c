import type { Clock } from '../clock.ts';
import { isEngineError } from '../errors/index.ts';
import { TransientError } from './failures/transient-error.ts';

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 15_000;
/** A registry that wants us to wait longer is believed: the person is told instead. */
const MAX_RETRY_AFTER_MS = 30_000;

export interface RetriesOptions {
  readonly clock: Clock;
  /** Failures in a row, without progress between them, that are borne. */
  readonly limit: number;
  /** Also bear what usually does not pass by itself, as a registry that is down: it has answered before. */
  readonly patient: boolean;
}

/** Decides after each failure whether to go on, and waits before: twice as long each time, with some chance in it. */
export class Retries {
  private readonly options: RetriesOptions;
  private failures = 0;

  constructor(options: RetriesOptions) {
    this.options = options;
  }

  /** There was progress: what failed before is forgotten. */
  reset(): void {
    this.failures = 0;
  }

  /** Returns when it is time to try again; throws `thrown` when it is not worth it. */
  async waitAfter(thrown: unknown, signal: AbortSignal): Promise<void> {
    this.failures++;
    const mayPass =
      thrown instanceof TransientError || (this.options.patient && isEngineError(thrown, 'unavailable'));
    if (!mayPass || this.failures > this.options.limit) throw thrown;
    const asked = thrown instanceof TransientError ? thrown.retryAfterMs : null;
    if (asked !== null && asked > MAX_RETRY_AFTER_MS) throw thrown;
    await this.options.clock.sleep(asked ?? this.delay(), signal);
  }

  private delay(): number {
    const full = Math.min(FIRST_DELAY_MS * 2 ** (this.failures - 1), MAX_DELAY_MS);
    return full * (0.75 + Math.random() * 0.5);
  }
}
