import type { EngineClient } from '@longshore/engine/contract';
import type { StatsBatch } from '@longshore/engine/types';
import { type Sample, sampleOf } from './sample.ts';

/** What the charts show. */
export const HISTORY_MS = 5 * 60_000;

/** Rows come and go while a list scrolls: the engine is asked anew once that has settled. */
const SETTLE_MS = 150;
const RETRY_MS = 2000;
/** Of so many containers the past is kept after nobody watches them any more. */
const REMEMBERED = 64;
/** As many as one question may name. */
const MOST = 4096;

const NOTHING: readonly Sample[] = [];

/**
 * What containers use, of exactly those that somebody watches. Nothing is asked while nobody does, or while the page is
 * hidden. Samples stay for five minutes, so that the charts still have their past after a look at another page.
 */
export class StatsFeed {
  private readonly engine: EngineClient;
  private readonly page: Document;
  private readonly watchers = new Map<string, Set<() => void>>();
  private readonly history = new Map<string, readonly Sample[]>();
  /** Whom the open stream is of. */
  private asked: ReadonlySet<string> = new Set();
  private abort: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(engine: EngineClient, page: Document = document) {
    this.engine = engine;
    this.page = page;
    page.addEventListener('visibilitychange', () => this.settle());
  }

  /** Oldest first; the same array until there is a new sample. */
  samples(id: string): readonly Sample[] {
    return this.history.get(id) ?? NOTHING;
  }

  /** Until the answer is called. */
  watch(id: string, changed: () => void): () => void {
    const watchers = this.watchers.get(id) ?? new Set();
    this.watchers.set(id, watchers.add(changed));
    this.settleLater();
    return () => {
      watchers.delete(changed);
      if (watchers.size === 0 && this.watchers.get(id) === watchers) this.watchers.delete(id);
      this.settleLater();
    };
  }

  private settleLater(after = SETTLE_MS): void {
    this.timer ??= setTimeout(() => this.settle(), after);
  }

  /** A stream that has all that are wanted, and not many more, goes on: a new one begins without processor loads. */
  private settle(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const wanted = this.page.hidden ? [] : [...this.watchers.keys()].slice(0, MOST);
    const covered = wanted.every((id) => this.asked.has(id)) && this.asked.size <= wanted.length * 2;
    if (covered && (this.abort !== undefined) === wanted.length > 0) return;
    this.abort?.abort();
    this.abort = undefined;
    this.asked = new Set(wanted);
    if (wanted.length > 0) void this.follow(wanted);
  }

  private async follow(containers: string[]): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    try {
      const { signal } = abort;
      for await (const batch of this.engine.containers.stats({ containers }, { signal })) this.take(batch);
    } catch {
      // One of them has gone, or the engine has: the list and the status bar tell it, and what is wanted is asked again.
    }
    if (this.abort !== abort) return;
    this.abort = undefined;
    this.asked = new Set();
    if (this.watchers.size > 0) this.settleLater(RETRY_MS);
  }

  private take(batch: StatsBatch): void {
    for (const stats of batch.containers) {
      const sample = sampleOf(stats);
      const kept = this.samples(stats.id).filter(({ at }) => at > sample.at - HISTORY_MS && at < sample.at);
      // Last in the map is the latest watched.
      this.history.delete(stats.id);
      this.history.set(stats.id, [...kept, sample]);
    }
    this.forget();
    for (const { id } of batch.containers) for (const changed of this.watchers.get(id) ?? []) changed();
  }

  private forget(): void {
    let spare = this.history.size - this.watchers.size - REMEMBERED;
    for (const id of this.history.keys()) {
      if (spare <= 0) return;
      if (this.watchers.has(id)) continue;
      this.history.delete(id);
      spare -= 1;
    }
  }
}

const feeds = new WeakMap<EngineClient, StatsFeed>();

/** One for all who watch the same engine. */
export function statsFeedOf(engine: EngineClient): StatsFeed {
  const feed = feeds.get(engine) ?? new StatsFeed(engine);
  feeds.set(engine, feed);
  return feed;
}
