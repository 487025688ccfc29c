import type { StatsBatch } from '../../types/index.ts';

/** One reader of the feed: of batches that it was too slow for it gets the latest alone. */
export class StatsReader {
  /** Null: of all containers. */
  readonly ids: ReadonlySet<string> | null;
  private latest: StatsBatch | null = null;
  private error: Error | null = null;
  private wake: () => void = () => undefined;

  constructor(ids: ReadonlySet<string> | null) {
    this.ids = ids;
  }

  offer(batch: StatsBatch): void {
    const { ids } = this;
    const containers = ids === null ? batch.containers : batch.containers.filter(({ id }) => ids.has(id));
    this.latest = { ...batch, containers };
    this.wake();
  }

  fail(error: Error): void {
    this.error = error;
    this.wake();
  }

  async next(): Promise<StatsBatch> {
    for (;;) {
      const { latest, error } = this;
      this.latest = null;
      if (latest !== null) return latest;
      if (error !== null) throw error;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
