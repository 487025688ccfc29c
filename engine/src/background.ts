/** Hears what went wrong where nobody waits for an answer. */
export type Report = (problem: string, cause?: unknown) => void;

/** Work that nobody waits for until the engine closes; its failures are reported. */
export class Background implements AsyncDisposable {
  private readonly work = new Set<Promise<void>>();
  private readonly report: Report;

  constructor(report: Report) {
    this.report = report;
  }

  /** `problem` is the sentence that a failure is reported with. */
  add(problem: string, work: Promise<unknown>): void {
    const entry = work.then(
      () => void this.work.delete(entry),
      (thrown: unknown) => {
        this.work.delete(entry);
        this.report(problem, thrown);
      },
    );
    this.work.add(entry);
  }

  /** Resolves when all of it has ended; ending it is up to its owner. */
  async [Symbol.asyncDispose](): Promise<void> {
    while (this.work.size > 0) await Promise.all(this.work);
  }
}
