import type { EngineHandlers } from '../contract/index.ts';
import { EngineError } from '../errors/index.ts';
import { summaryOf } from './history/build-record.ts';
import { BuildHistory, type HistoryParts } from './history/history.ts';

type Handlers = EngineHandlers['builds'];

export type BuildsParts = HistoryParts;

/** Builds images of Dockerfiles: the contract's `builds`. */
export class Builds {
  readonly handlers: Handlers;
  private readonly history: BuildHistory;

  static async open(parts: BuildsParts): Promise<Builds> {
    return new Builds(await BuildHistory.open(parts));
  }

  private constructor(history: BuildHistory) {
    this.history = history;
    this.handlers = {
      build: () => unbuilt(),
      check: () => unbuilt(),
      list: () => Promise.resolve(this.history.list().map(summaryOf)),
      inspect: async ({ build }) => Promise.resolve(this.history.find(build)),
      watch: ({ build }, { signal }) => this.history.watch(this.history.find(build).id, signal),
      cancel: async ({ build }) => {
        const { id } = this.history.find(build);
        this.history.cancel(id);
        return Promise.resolve(summaryOf(this.history.find(id)));
      },
      remove: ({ builds }) => this.remove(builds),
      cacheUsage: () => Promise.resolve({ entries: [], totalBytes: 0, reclaimableBytes: 0 }),
      pruneCache: () => Promise.resolve({ removed: [], freedBytes: 0 }),
    };
  }

  private async remove(asked: readonly string[]): Promise<{ readonly removed: readonly string[] }> {
    const builds = asked.length === 0 ? this.history.list() : asked.map((id) => this.history.find(id));
    const removed = builds.filter(({ id }) => !this.history.isLive(id)).map(({ id }) => id);
    for (const id of removed) await this.history.remove(id);
    return { removed };
  }
}

function unbuilt(): never {
  throw new EngineError('not-implemented', 'Builds are not possible yet.');
}
