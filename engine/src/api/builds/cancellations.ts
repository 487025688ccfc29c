/** Builds under way whose callers have given them a name, so that another connection can end them. */
export class Cancellations {
  private readonly named = new Map<string, AbortController>();

  /** A signal that fires with the caller's, and when the name is cancelled. Two of one name: the later one has it. */
  register(name: string | undefined, caller: AbortSignal): Disposable & { readonly signal: AbortSignal } {
    if (name === undefined) return { signal: caller, [Symbol.dispose]: () => undefined };
    const controller = new AbortController();
    this.named.set(name, controller);
    return {
      signal: AbortSignal.any([caller, controller.signal]),
      [Symbol.dispose]: () => {
        if (this.named.get(name) === controller) this.named.delete(name);
      },
    };
  }

  /** One that is not there has ended already. */
  cancel(name: string): void {
    this.named.get(name)?.abort();
  }
}
