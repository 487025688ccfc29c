import type { EngineClient } from '@longshore/engine/contract';
import type { ContainerAction, EngineEvent } from '@longshore/engine/types';

type EventQuery = Parameters<EngineClient['events']['watch']>[0];

export interface EventFeedOptions {
  /** What is asked for, besides everything that the engine remembers. */
  readonly query: Omit<EventQuery, 'since' | 'until'>;
  /** Of the newest; older ones are forgotten. */
  readonly most?: number;
}

export interface FeedState {
  /** Newest first. */
  readonly events: readonly EngineEvent[];
  /** How many there have been, with those that are forgotten or were cleared. */
  readonly total: number;
  /** True: what was there is hidden until it is asked for again. */
  readonly cleared: boolean;
  /** False: the engine has not had the time yet to tell what it remembers. */
  readonly settled: boolean;
}

/** The page itself causes these, over and over. */
const OWN_DOING = new Set<ContainerAction>(['top', 'resize']);

const MOST = 5000;
const RETRY_MS = 1000;
/** Bursts are shown together: a thousand events are a few drawings of the page. */
const GATHER_MS = 60;
/** The engine does not say where its memory ends; without a word by then it has none. */
const SETTLE_MS = 400;

/**
 * What has happened, and what happens, for as long as it is followed. When the engine was away, what it remembers of
 * the time between is asked for; nothing is there twice.
 */
export class EventFeed {
  private readonly engine: EngineClient;
  private readonly query: EventFeedOptions['query'];
  private readonly most: number;
  private readonly listeners = new Set<() => void>();
  private known = new Set<string>();
  private gathered: EngineEvent[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private recalled = new AbortController();
  state: FeedState = { events: [], total: 0, cleared: false, settled: false };

  constructor(engine: EngineClient, { query, most = MOST }: EventFeedOptions) {
    this.engine = engine;
    this.query = query;
    this.most = most;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  async follow(signal: AbortSignal): Promise<void> {
    const settling = setTimeout(() => this.show({ ...this.state, settled: true }), SETTLE_MS);
    signal.addEventListener('abort', () => clearTimeout(settling), { once: true });
    while (!signal.aborted) {
      const until = AbortSignal.any([signal, this.recalled.signal]);
      try {
        const events = this.engine.events.watch({ ...this.query, since: 0 }, { signal: until });
        for await (const event of events) this.add(event);
      } catch {
        // The engine is away, which the page's frame tells; or all is asked for anew.
      }
      if (!this.recalled.signal.aborted) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      else this.recalled = new AbortController();
    }
  }

  /** Takes what is there out of sight. */
  clear(): void {
    this.flush();
    this.show({ ...this.state, events: [], cleared: true });
  }

  /** Asks again for all that the engine remembers. */
  recall(): void {
    this.known = new Set();
    this.gathered = [];
    this.show({ events: [], total: 0, cleared: false, settled: true });
    this.recalled.abort();
  }

  private add(event: EngineEvent): void {
    const key = eventKey(event);
    if (this.known.has(key) || (event.type === 'container' && OWN_DOING.has(event.action))) return;
    this.known.add(key);
    this.gathered.push(event);
    this.timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.gathered.length === 0) return;
    const events = [...this.gathered.reverse(), ...this.state.events].slice(0, this.most);
    const total = this.state.total + this.gathered.length;
    this.gathered = [];
    this.show({ ...this.state, events, total, settled: true });
  }

  private show(state: FeedState): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}

/** Numbers begin anew with each life of the engine. */
export function eventKey({ seq, at }: EngineEvent): string {
  return `${at} ${seq}`;
}
