import { beforeAbort } from '../before-abort.ts';

/** A place in the queue of one key. */
export interface Turn {
  /** Resolves when all earlier turns of the key have ended. Rejects when the signal fires before. */
  granted(signal: AbortSignal): Promise<void>;
  /** Lets the next one in. Harmless when repeated. */
  end(): void;
}

/** One at a time per key, in the order of `take`. */
export class Turns {
  private readonly tails = new Map<string, Promise<void>>();

  /** Whether somebody has the turn of the key, or waits for it. */
  isTaken(key: string): boolean {
    return this.tails.has(key);
  }

  take(key: string): Turn {
    const before = this.tails.get(key) ?? Promise.resolve();
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const tail = before.then(() => ended);
    this.tails.set(key, tail);
    void tail.then(() => {
      if (this.tails.get(key) === tail) this.tails.delete(key);
    });
    return { granted: (signal) => beforeAbort(before, signal), end };
  }
}
