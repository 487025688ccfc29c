/** Closes what was opened in the opposite order, each whatever became of the others. */
export class Disposals implements AsyncDisposable {
  private readonly opened: (Disposable | AsyncDisposable)[] = [];

  add<T extends Disposable | AsyncDisposable>(part: T): T {
    this.opened.push(part);
    return part;
  }

  /** Rejects with the first failure, once all have been closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    for (const part of this.opened.splice(0).reverse()) {
      try {
        if (Symbol.asyncDispose in part) await part[Symbol.asyncDispose]();
        else part[Symbol.dispose]();
      } catch (thrown) {
        failures.push(thrown);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
