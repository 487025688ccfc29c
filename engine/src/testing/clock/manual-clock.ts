import type { Clock } from '../../clock.ts';

interface Sleeper {
  readonly milliseconds: number;
  readonly wakesAt: number;
  readonly wake: () => void;
}

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  private time: number;
  private readonly sleepers = new Set<Sleeper>();
  private readonly lookouts = new Set<() => void>();

  constructor(start: Date | string = '2026-01-01T00:00:00.000Z') {
    this.time = new Date(start).getTime();
  }

  now(): Date {
    return new Date(this.time);
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const wakesAt = this.time + milliseconds;
      const sleeper: Sleeper = { milliseconds, wakesAt, wake: () => finish(resolve) };
      const abort = () => finish(() => reject(new DOMException('The sleep was aborted.', 'AbortError')));
      const finish = (settle: () => void) => {
        this.sleepers.delete(sleeper);
        signal?.removeEventListener('abort', abort);
        settle();
      };
      this.sleepers.add(sleeper);
      for (const look of [...this.lookouts]) look();
      signal?.addEventListener('abort', abort);
      if (signal?.aborted) abort();
    });
  }

  /** Moves on, waking who slept until then, in the order of their times. */
  advance(milliseconds: number): void {
    this.time += milliseconds;
    const due = [...this.sleepers].filter((sleeper) => sleeper.wakesAt <= this.time);
    for (const sleeper of due.sort((a, b) => a.wakesAt - b.wakesAt)) sleeper.wake();
  }

  /** Resolves once somebody sleeps for exactly so long. */
  asleepFor(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (![...this.sleepers].some((sleeper) => sleeper.milliseconds === milliseconds)) return;
        this.lookouts.delete(look);
        resolve();
      };
      this.lookouts.add(look);
      look();
    });
  }

  get sleeping(): number {
    return this.sleepers.size;
  }
}

/** Never waits: back-off and throttling take no time. */
export class HastyClock implements Clock {
  /** What was asked for, in milliseconds. */
  readonly slept: number[] = [];

  now(): Date {
    return new Date();
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(milliseconds);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) reject(new DOMException('The sleep was aborted.', 'AbortError'));
      else setImmediate(resolve);
    });
  }
}
