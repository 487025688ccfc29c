import { Background, type Report } from '../background.ts';
import type { Clock } from '../clock.ts';
import { EngineError } from '../errors/index.ts';
import type { Garbage } from './garbage.ts';
import { type RecoveryParts, recoverImages } from './recovery.ts';
import type { RemovalParts } from './removal/delete-image.ts';
import { removeUnused } from './removal/removal.ts';

export interface UpkeepParts extends RecoveryParts, RemovalParts {
  readonly garbage: Garbage;
  readonly clock: Clock;
  readonly report: Report;
}

/** Containers are removed in bursts, and the agent lets go of a container's layers just after its answer. */
const COLLECTION_DELAY_MS = 1_000;

/** What is done for the images while nobody waits for it. Ends with the engine; failures are reported. */
export class Upkeep implements AsyncDisposable {
  private readonly parts: UpkeepParts;
  private readonly background: Background;
  private readonly closing = new AbortController();
  private collectionIsDue = false;

  constructor(parts: UpkeepParts) {
    this.parts = parts;
    this.background = new Background(parts.report);
  }

  /** Fires when the engine closes. */
  get signal(): AbortSignal {
    return this.closing.signal;
  }

  /** Once, when `ready` resolves: damaged records are made anew, and what nothing needs is deleted. */
  begin(ready: (signal: AbortSignal) => Promise<void>): void {
    this.add('The images could not be tidied up.', async (signal) => {
      await ready(signal);
      await recoverImages(this.parts, signal);
      await this.collect(signal);
    });
  }

  /** Soon, once for all calls until then. */
  collectSoon(): void {
    if (this.collectionIsDue) return;
    this.collectionIsDue = true;
    this.add('What no image needs any more could not be deleted.', async (signal) => {
      await this.parts.clock.sleep(COLLECTION_DELAY_MS, signal);
      this.collectionIsDue = false;
      await this.collect(signal);
    });
  }

  async collect(signal: AbortSignal): Promise<{ readonly freedBytes: number }> {
    await removeUnused(this.parts);
    return this.parts.garbage.collect(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closing.abort(new EngineError('cancelled', 'The engine is closing.'));
    await this.background[Symbol.asyncDispose]();
  }

  private add(problem: string, work: (signal: AbortSignal) => Promise<unknown>): void {
    const { signal } = this.closing;
    const untilClosed = work(signal).catch((thrown: unknown) => {
      if (!signal.aborted) throw thrown;
    });
    this.background.add(problem, untilClosed);
  }
}
