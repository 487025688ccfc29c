import type { Clock } from '../clock.ts';

/** What may be saved up by being slower than allowed, in milliseconds of full speed. */
const BURST_MS = 250;

/**
 * Keeps all downloads together below a rate. Who takes bytes waits until those that were taken before are paid for;
 * the rate is asked for each time, so that a change holds at once.
 */
export class Throttle {
  private readonly clock: Clock;
  /** Bytes in a second; null: no bound. */
  private readonly rate: () => number | null;
  /** When all that was taken is paid for, in milliseconds of the epoch. */
  private paidAt = 0;

  constructor(clock: Clock, rate: () => number | null) {
    this.clock = clock;
    this.rate = rate;
  }

  /** Rejects when the signal fires while it waits. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    const rate = this.rate();
    if (rate === null) return;
    const now = this.clock.now().getTime();
    const begin = Math.max(this.paidAt, now - BURST_MS);
    this.paidAt = begin + (bytes / rate) * 1000;
    if (this.paidAt > now) await this.clock.sleep(this.paidAt - now, signal);
  }
}
