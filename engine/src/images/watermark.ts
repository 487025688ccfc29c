/** A reader is told of new bytes when there are so many more, or when there are no more to come. */
const STEP_BYTES = 256 * 1024;

/**
 * How far a file that is being written can be read: tells one reader the latest count, skipping those it was too
 * slow for.
 */
export class Watermark implements AsyncIterable<number> {
  private available: number;
  private ended = false;
  private error: Error | undefined;
  private wake: (() => void) | undefined;

  constructor(available = 0) {
    this.available = available;
  }

  advance(available: number): void {
    this.available = available;
    this.wake?.();
  }

  end(): void {
    this.ended = true;
    this.wake?.();
  }

  fail(error: Error): void {
    this.error ??= error;
    this.wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<number> {
    let told = 0;
    for (;;) {
      if (this.error !== undefined) throw this.error;
      if (this.available - told >= STEP_BYTES || (this.ended && this.available > told)) {
        told = this.available;
        yield told;
      } else if (this.ended) {
        return;
      } else {
        await new Promise<void>((resolve) => (this.wake = resolve));
        this.wake = undefined;
      }
    }
  }
}
