import type { Clock } from '../clock.ts';
import { EngineError } from '../errors/index.ts';
import type { EngineEvent } from '../types/index.ts';
import { type EventQuery, matchesQuery } from './event-filter.ts';
import { Watcher } from './watcher.ts';

type Unstamped<E> = E extends EngineEvent ? Omit<E, 'seq' | 'at'> & { readonly at?: string } : never;

/** An event as its source knows it. `at` is given when the event happened earlier than it became known. */
export type NewEvent = Unstamped<EngineEvent>;

export interface EventBusOptions {
  readonly clock: Clock;
  /** Events remembered for replay. */
  readonly replayCapacity?: number;
  /** Events that may wait for a watcher before it is dropped as too slow. */
  readonly watcherCapacity?: number;
}

/**
 * What happened, to whoever watches. Sequence numbers grow by one from 1 within one engine's life. Memory is bounded:
 * a ring of past events, and so many waiting per watcher; one that reads too slowly fails with `unavailable` and may
 * watch again from the last sequence it saw.
 */
export class EventBus implements Disposable {
  private readonly clock: Clock;
  private readonly replayCapacity: number;
  private readonly watcherCapacity: number;
  private readonly remembered: EngineEvent[] = [];
  private readonly watchers = new Set<Watcher>();
  private lastSeq = 0;

  constructor(options: EventBusOptions) {
    this.clock = options.clock;
    this.replayCapacity = options.replayCapacity ?? 1024;
    this.watcherCapacity = options.watcherCapacity ?? 4096;
  }

  publish(event: NewEvent): EngineEvent {
    const at = event.at ?? this.clock.now().toISOString();
    const stamped: EngineEvent = { ...event, seq: ++this.lastSeq, at };
    this.remembered.push(stamped);
    if (this.remembered.length > this.replayCapacity) this.remembered.shift();
    for (const watcher of this.watchers) watcher.offer(stamped);
    return stamped;
  }

  /**
   * Watching begins with this call, not with the first read: what is published in between is not lost. Ends at
   * `until`; when the signal fires, fails with `cancelled`. Leaving the iteration ends the watch.
   */
  watch(query: EventQuery, signal?: AbortSignal): AsyncIterableIterator<EngineEvent> {
    const until = query.until === undefined ? undefined : parseTime(query.until);
    const watcher = new Watcher({
      accepts: (event) =>
        matchesQuery(event, query) && (until === undefined || Date.parse(event.at) <= until),
      capacity: this.watcherCapacity,
      onClosed: () => this.watchers.delete(watcher),
    });
    for (const event of this.replay(query.since)) watcher.offer(event);
    this.watchers.add(watcher);
    if (signal !== undefined) watcher.endOn(signal);
    if (until !== undefined) watcher.endAfter(this.clock, until);
    return watcher;
  }

  /** Ends every watch. */
  [Symbol.dispose](): void {
    for (const watcher of this.watchers) watcher.end();
  }

  private replay(since: number | string | undefined): readonly EngineEvent[] {
    if (since === undefined) return [];
    if (typeof since === 'number') return this.remembered.filter((event) => event.seq > since);
    const from = parseTime(since);
    return this.remembered.filter((event) => Date.parse(event.at) >= from);
  }
}

function parseTime(text: string): number {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new EngineError('invalid-argument', `"${text}" is not a time.`, {
    hint: 'Times are written as in ISO 8601: 2026-01-31T12:00:00Z.',
  });
}
