import type { Clock } from '../clock.ts';

/**
 * Tells one reader the latest value, at most once per interval; values it was too slow for are skipped. The last
 * value before the end is always delivered, and at once.
 */
export class LatestFeed<T> {
  private readonly clock: Clock;
  private readonly intervalMs: number;
  private latest: { readonly value: T } | undefined;
  private end: { readonly error?: Error } | undefined;
  private wake: (() => void) | undefined;
  private readonly ended = new AbortController();

  constructor(clock: Clock, intervalMs: number) {
    this.clock = clock;
    this.intervalMs = intervalMs;
  }

  set(value: T): void {
    if (this.end !== undefined) return;
    this.latest = { value };
    this.wake?.();
  }

  finish(last: T): void {
    this.set(last);
    this.close({});
  }

  /** The reader fails; a value that it has not read yet is dropped. */
  fail(error: Error): void {
    if (this.end === undefined) this.latest = undefined;
    this.close({ error });
  }

  async *read(): AsyncGenerator<T> {
    for (;;) {
      const latest = this.latest;
      if (latest !== undefined) {
        this.latest = undefined;
        yield latest.value;
        await this.pause();
      } else if (this.end !== undefined) {
        if (this.end.error !== undefined) throw this.end.error;
        return;
      } else {
        await new Promise<void>((resolve) => (this.wake = resolve));
        this.wake = undefined;
      }
    }
  }

  private close(end: { readonly error?: Error }): void {
    this.end ??= end;
    this.ended.abort();
    this.wake?.();
  }

  private async pause(): Promise<void> {
    try {
      await this.clock.sleep(this.intervalMs, this.ended.signal);
    } catch {
      // The end has come: what is left is told at once.
    }
  }
}
