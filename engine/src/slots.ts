import { toEngineError } from './errors/index.ts';

/** At most so many at once, first come first served. */
export class Slots {
  private count: number;
  /** Below zero while more are at work than there are to be. */
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(count: number) {
    this.count = count;
    this.free = count;
  }

  /** Those at work stay, even if they are too many now. */
  resize(count: number): void {
    this.free += count - this.count;
    this.count = count;
    while (this.free > 0 && this.waiting.length > 0) {
      this.free--;
      this.waiting.shift()?.();
    }
  }

  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.take(signal);
    try {
      return await work();
    } finally {
      const next = this.free < 0 ? undefined : this.waiting.shift();
      if (next === undefined) this.free++;
      else next();
    }
  }

  private take(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(toEngineError(signal.reason));
    if (this.free > 0) {
      this.free--;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const granted = (): void => {
        signal.removeEventListener('abort', aborted);
        resolve();
      };
      const aborted = (): void => {
        this.waiting.splice(this.waiting.indexOf(granted), 1);
        reject(toEngineError(signal.reason));
      };
      this.waiting.push(granted);
      signal.addEventListener('abort', aborted, { once: true });
    });
  }
}
