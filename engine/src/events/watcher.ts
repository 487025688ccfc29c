import type { Clock } from '../clock.ts';
import { EngineError } from '../errors/index.ts';
import type { EngineEvent } from '../types/index.ts';

export interface WatcherOptions {
  readonly accepts: (event: EngineEvent) => boolean;
  /** Events that may wait to be read. */
  readonly capacity: number;
  /** Once, when nothing more will be accepted. */
  readonly onClosed: () => void;
}

interface Waiting {
  readonly resolve: (result: IteratorResult<EngineEvent>) => void;
  readonly reject: (error: Error) => void;
}

/** One reader of the bus: what it accepts waits in a bounded queue. What was accepted before an end is delivered. */
export class Watcher implements AsyncIterableIterator<EngineEvent> {
  private readonly options: WatcherOptions;
  private readonly queue: EngineEvent[] = [];
  private readonly closing = new AbortController();
  private waiting: Waiting | undefined;
  private error: Error | undefined;

  constructor(options: WatcherOptions) {
    this.options = options;
  }

  offer(event: EngineEvent): void {
    if (this.closing.signal.aborted || !this.options.accepts(event)) return;
    if (this.waiting !== undefined) {
      const { resolve } = this.waiting;
      this.waiting = undefined;
      resolve({ value: event, done: false });
      return;
    }
    if (this.queue.length >= this.options.capacity) {
      this.fail(
        new EngineError('unavailable', 'Events came faster than they were read; some are lost.', {
          detail: { step: 'events' },
          hint: 'Watch again, from the last sequence number that was read.',
        }),
      );
      return;
    }
    this.queue.push(event);
  }

  end(): void {
    this.close();
    this.waiting?.resolve({ value: undefined, done: true });
    this.waiting = undefined;
  }

  /** Fails with `cancelled` when the signal fires. */
  endOn(signal: AbortSignal): void {
    const abort = () => this.fail(new EngineError('cancelled', 'Watching events was cancelled.'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true, signal: this.closing.signal });
  }

  /** Ends once the clock has passed `time`, in milliseconds since 1970. */
  endAfter(clock: Clock, time: number): void {
    const left = time - clock.now().getTime();
    if (left <= 0) {
      this.end();
      return;
    }
    clock.sleep(Math.min(left, MAX_TIMER), this.closing.signal).then(
      () => this.endAfter(clock, time),
      () => undefined, // The watch was over first.
    );
  }

  next(): Promise<IteratorResult<EngineEvent>> {
    const event = this.queue.shift();
    if (event !== undefined) return Promise.resolve({ value: event, done: false });
    const error = this.error;
    this.error = undefined;
    if (error !== undefined) return Promise.reject(error);
    if (this.closing.signal.aborted) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
  }

  return(): Promise<IteratorResult<EngineEvent>> {
    this.queue.length = 0;
    this.error = undefined;
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private fail(error: Error): void {
    if (this.closing.signal.aborted) return;
    this.close();
    if (this.waiting === undefined) this.error = error;
    this.waiting?.reject(error);
    this.waiting = undefined;
  }

  private close(): void {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    this.options.onClosed();
  }
}

/** Node's timers hold 31 bits of milliseconds. */
const MAX_TIMER = 2_147_483_647;
