import { EngineError, toEngineError } from '../../errors/index.ts';
import type { RuntimeStatsBatch } from '../../runtime/index.ts';
import type { StatsBatch } from '../../types/index.ts';
import type { Parts } from '../parts.ts';
import { StatsReader } from './stats-reader.ts';
import { CpuLoads, statsOf } from './usage.ts';

/** As docker stats has it. */
const INTERVAL_MS = 1000;

/**
 * What containers use, for any number of readers by one stream of the runtime, which measures what somebody looks at and
 * nothing else. Without readers there is no stream.
 */
export class StatsFeed implements Disposable {
  private readonly parts: Parts;
  private readonly readers = new Set<StatsReader>();
  private readonly loads = new CpuLoads();
  private last: StatsBatch | null = null;
  /** Aborted when the stream no longer is what the readers want. */
  private stream: { readonly ids: ReadonlySet<string> | null; readonly abort: AbortController } | null = null;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Of these containers, or of all that run. Fails `unavailable` when the runtime goes away. */
  async *read(ids: readonly string[] | null, signal: AbortSignal): AsyncIterable<StatsBatch> {
    const reader = new StatsReader(ids === null ? null : new Set(ids));
    const onAbort = (): void => reader.fail(toEngineError(signal.reason));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    this.readers.add(reader);
    this.adjust();
    try {
      for (;;) yield await reader.next();
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.readers.delete(reader);
      this.adjust();
    }
  }

  [Symbol.dispose](): void {
    this.failAll(new EngineError('cancelled', 'The engine is closing.'));
    this.stream?.abort.abort();
  }

  /** Begins, replaces or ends the stream as the readers need it. */
  private adjust(): void {
    const wanted = this.wanted();
    if (wanted !== undefined && this.stream !== null && isSame(wanted, this.stream.ids)) {
      this.showLast();
      return;
    }
    this.stream?.abort.abort();
    this.stream = null;
    if (wanted === undefined) {
      this.last = null;
      return;
    }
    const stream = { ids: wanted, abort: new AbortController() };
    this.stream = stream;
    this.parts.background.add(
      'The statistics of containers have ended.',
      this.follow(stream.ids, stream.abort),
    );
  }

  /** Undefined without readers, null for all. */
  private wanted(): ReadonlySet<string> | null | undefined {
    const readers = [...this.readers];
    if (readers.length === 0) return undefined;
    if (readers.some(({ ids }) => ids === null)) return null;
    return new Set(readers.flatMap(({ ids }) => [...(ids ?? [])]));
  }

  private async follow(ids: ReadonlySet<string> | null, abort: AbortController): Promise<void> {
    const query = { ids: ids === null ? [] : [...ids], intervalMs: INTERVAL_MS };
    try {
      for await (const batch of this.parts.runtime.stats(query, { signal: abort.signal })) {
        if (abort.signal.aborted) return;
        this.take(batch);
      }
      throw new EngineError('unavailable', 'The runtime ended the statistics.');
    } catch (thrown) {
      if (abort.signal.aborted) return;
      this.stream = null;
      this.failAll(toEngineError(thrown));
    }
  }

  private take(batch: RuntimeStatsBatch): void {
    const loads = this.loads.take(batch);
    const containers = batch.containers.flatMap((stats) => {
      const name = this.parts.table.get(stats.id)?.name;
      return name === undefined ? [] : [statsOf(stats, batch, name, loads.get(stats.id) ?? null)];
    });
    this.last = { at: batch.at, containers };
    this.showLast();
  }

  private showLast(): void {
    if (this.last === null) return;
    for (const reader of this.readers) reader.offer(this.last);
  }

  private failAll(error: EngineError): void {
    for (const reader of this.readers) reader.fail(error);
  }
}

function isSame(a: ReadonlySet<string> | null, b: ReadonlySet<string> | null): boolean {
  if (a === null || b === null) return a === b;
  return a.size === b.size && [...a].every((id) => b.has(id));
}
