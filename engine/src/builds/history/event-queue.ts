import { beforeAbort } from '../../before-abort.ts';
import type { EngineError } from '../../errors/index.ts';
import type { BuildEvent } from '../../types/index.ts';

/** Events on their way to the one who has asked for the build. */
export class EventQueue {
  private readonly events: BuildEvent[] = [];
  private outcome: { readonly error: EngineError | null } | null = null;
  private wake: () => void = () => undefined;

  add(event: BuildEvent): void {
    this.events.push(event);
    this.wake();
  }

  /** After the last one; the reader fails with the error. */
  end(error: EngineError | null): void {
    this.outcome = { error };
    this.wake();
  }

  async *read(signal: AbortSignal): AsyncGenerator<BuildEvent> {
    for (;;) {
      const event = this.events.shift();
      if (event !== undefined) {
        yield event;
        continue;
      }
      if (this.outcome !== null) {
        if (this.outcome.error !== null) throw this.outcome.error;
        return;
      }
      await beforeAbort(new Promise<void>((resolve) => (this.wake = resolve)), signal);
    }
  }
}
