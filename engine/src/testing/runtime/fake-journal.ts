import type { Clock } from '../../clock.ts';
import { EngineError } from '../../errors/index.ts';
import type { RuntimeEvent } from '../../runtime/index.ts';
import { endOnAbort, Pipe } from './pipe.ts';

export type NewRuntimeEvent = WithoutStamp<RuntimeEvent>;

type WithoutStamp<E> = E extends RuntimeEvent ? Omit<E, 'seq' | 'at'> & { readonly at?: string } : never;

/** The events of the in-memory runtime, kept for ever, and who follows them. */
export class FakeJournal {
  private readonly clock: Clock;
  private readonly events: RuntimeEvent[] = [];
  private readonly watchers = new Set<Pipe<RuntimeEvent>>();
  private lastInstant = 0n;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  get lastSeq(): number {
    return this.events.length;
  }

  record(event: NewRuntimeEvent): void {
    const stamped: RuntimeEvent = { ...event, seq: this.events.length + 1, at: event.at ?? this.now() };
    this.events.push(stamped);
    for (const watcher of this.watchers) watcher.push(stamped);
  }

  async *follow(afterSeq: number, signal: AbortSignal | undefined): AsyncIterable<RuntimeEvent> {
    const watcher = new Pipe<RuntimeEvent>();
    for (const event of this.events) if (event.seq > afterSeq) watcher.push(event);
    this.watchers.add(watcher);
    try {
      using _ = endOnAbort(
        watcher,
        signal,
        () => new EngineError('cancelled', 'The operation was cancelled.'),
      );
      yield* watcher;
    } finally {
      this.watchers.delete(watcher);
    }
  }

  /** Who follows hears this error; the events stay. */
  breakOff(error: Error): void {
    for (const watcher of this.watchers) watcher.end(error);
    this.watchers.clear();
  }

  /** Each instant later than the one before, so that two runs never share one. */
  now(): string {
    const wall = BigInt(this.clock.now().getTime()) * 1_000_000n;
    this.lastInstant = wall > this.lastInstant ? wall : this.lastInstant + 1n;
    const fraction = String(this.lastInstant % 1_000_000_000n).padStart(9, '0');
    const seconds = new Date(Number(this.lastInstant / 1_000_000n)).toISOString().slice(0, 19);
    return `${seconds}.${fraction}Z`;
  }
}
