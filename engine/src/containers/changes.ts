import { toEngineError } from '../errors/index.ts';

/** Who wants to look again whenever something has changed. */
export class Changes {
  private readonly watchers = new Set<() => void>();

  notify(): void {
    for (const look of [...this.watchers]) look();
  }

  /** `look` is called after each change until the result is disposed of. */
  watch(look: () => void): Disposable {
    this.watchers.add(look);
    return { [Symbol.dispose]: () => void this.watchers.delete(look) };
  }

  /**
   * Resolves with the first value other than undefined that `pick` gives, now or after a change. `pick` may throw
   * to reject.
   */
  until<T>(pick: () => T | undefined, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        try {
          const value = pick();
          if (value === undefined) return;
          leave();
          resolve(value);
        } catch (thrown) {
          leave();
          reject(toEngineError(thrown));
        }
      };
      const onAbort = (): void => {
        leave();
        reject(toEngineError(signal?.reason));
      };
      const leave = (): void => {
        this.watchers.delete(look);
        signal?.removeEventListener('abort', onAbort);
      };
      if (signal?.aborted === true) {
        onAbort();
        return;
      }
      signal?.addEventListener('abort', onAbort, { once: true });
      this.watchers.add(look);
      look();
    });
  }
}
