export interface ItemQueueHooks {
  /** An item was handed to the reader: the writer may send one more. */
  readonly onTaken?: () => void;
  /** The reader left before the end. */
  readonly onLeft?: () => void;
  /** The end, an error or the reader's leaving; once. */
  readonly onFinished?: () => void;
}

/**
 * A push-to-pull bridge with one reader. Items that came before an end or an error are delivered first.
 * The writer bounds it by credit; the queue itself does not.
 */
export class ItemQueue<T> implements AsyncIterableIterator<T> {
  private readonly hooks: ItemQueueHooks;
  private readonly items: T[] = [];
  private waiting:
    { resolve: (result: IteratorResult<T>) => void; reject: (error: Error) => void } | undefined;
  private error: Error | undefined;
  private finished = false;

  constructor(hooks: ItemQueueHooks = {}) {
    this.hooks = hooks;
  }

  push(item: T): void {
    if (this.finished) return;
    if (this.waiting === undefined) {
      this.items.push(item);
      return;
    }
    const { resolve } = this.waiting;
    this.waiting = undefined;
    this.hooks.onTaken?.();
    resolve({ value: item, done: false });
  }

  finish(error?: Error): void {
    if (this.finished) return;
    this.finished = true;
    this.error = error;
    this.hooks.onFinished?.();
    const waiting = this.waiting;
    this.waiting = undefined;
    if (waiting === undefined) return;
    if (error === undefined) waiting.resolve({ value: undefined, done: true });
    else waiting.reject(this.takeError(error));
  }

  next(): Promise<IteratorResult<T>> {
    const item = this.items.shift();
    if (item !== undefined) {
      this.hooks.onTaken?.();
      return Promise.resolve({ value: item, done: false });
    }
    if (this.error !== undefined) return Promise.reject(this.takeError(this.error));
    if (this.finished) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
  }

  return(): Promise<IteratorResult<T>> {
    this.items.length = 0;
    this.error = undefined;
    if (!this.finished) this.hooks.onLeft?.();
    this.finish();
    this.error = undefined;
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** An error is thrown once; after it the iteration is simply over. */
  private takeError(error: Error): Error {
    this.error = undefined;
    return error;
  }
}
