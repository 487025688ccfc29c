/** Lets through as many as the other side has granted; the rest wait in order. */
export class CreditGate {
  private credit: number;
  private error: Error | undefined;
  private readonly waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];

  constructor(credit = 0) {
    this.credit = credit;
  }

  take(): Promise<void> {
    if (this.error !== undefined) return Promise.reject(this.error);
    if (this.credit > 0) {
      this.credit -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
    });
  }

  grant(amount: number): void {
    this.credit += amount;
    while (this.credit > 0) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      this.credit -= 1;
      next.resolve();
    }
  }

  /** Everyone who waits, and everyone who comes, is refused with this error. */
  fail(error: Error): void {
    this.error ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(this.error);
  }
}
