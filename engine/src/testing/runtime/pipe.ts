/** An unbounded queue with an end, for one reader. */
export class Pipe<T> implements AsyncIterable<T> {
  private readonly items: T[] = [];
  private wake: () => void = () => undefined;
  private over = false;
  private error: Error | undefined;

  push(item: T): void {
    if (this.over) return;
    this.items.push(item);
    this.wake();
  }

  /** What was pushed before is still read; then the reading ends, or fails with the error. */
  end(error?: Error): void {
    if (this.over) return;
    this.over = true;
    this.error = error;
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    for (;;) {
      const item = this.items.shift();
      if (item !== undefined) {
        yield item;
      } else if (this.over) {
        if (this.error !== undefined) throw this.error;
        return;
      } else {
        await new Promise<void>((resolve) => (this.wake = resolve));
      }
    }
  }
}

/** Ends the pipe with this error when the signal fires; disposing takes that back. */
export function endOnAbort(
  pipe: { end(error?: Error): void },
  signal: AbortSignal | undefined,
  error: () => Error,
): Disposable {
  const onAbort = (): void => pipe.end(error());
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  return { [Symbol.dispose]: () => signal?.removeEventListener('abort', onAbort) };
}
