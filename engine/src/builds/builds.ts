import { Background } from '../background.ts';
import type { BuildRequest, EngineHandlers, HandlerContext } from '../contract/index.ts';
import { EngineError, toEngineError, toWire } from '../errors/index.ts';
import type { BuildCacheLimits, BuildCheck, BuildEvent } from '../types/index.ts';
import type { BuildsParts } from './build-parts.ts';
import { BuildSession, type SessionOptions, type SessionParts } from './build-session.ts';
import { collect, collectAgainAndAgain } from './cache-collection/cache-collection.ts';
import { CacheLimits } from './cache-collection/cache-limits.ts';
import { KnownContexts } from './context/contexts.ts';
import { KnownRoots } from './context/known-roots.ts';
import { openContext } from './context/open-context.ts';
import { removeLeftOver } from './executor/left-over.ts';
import { CacheFolders } from './executor/mounts/cache-folders.ts';
import { buildDetails } from './history/build-details.ts';
import { summaryOf } from './history/build-record.ts';
import { EventQueue } from './history/event-queue.ts';
import { BuildHistory } from './history/history.ts';
import { CacheStorage } from './solver/cache-storage.ts';
import { cacheUsage, pruneCache } from './solver/cache-upkeep.ts';
import { sharedSteps } from './solver/shared-steps.ts';

type Handlers = EngineHandlers['builds'];

/** Builds images of Dockerfiles: the contract's `builds`. */
export class Builds implements AsyncDisposable {
  readonly handlers: Handlers;
  /** For `system.diskUsage` and `system.prune`. */
  readonly storage: CacheStorage;
  private readonly parts: SessionParts;
  private readonly history: BuildHistory;
  private readonly limits: CacheLimits;
  private readonly closing = new AbortController();
  private readonly background: Background;

  static async open(parts: BuildsParts): Promise<Builds> {
    const limits = await CacheLimits.open(parts.folder);
    for (const { reason, path } of limits.quarantined) {
      parts.report(`The limits of the build cache are damaged (${reason}); they were put aside as ${path}.`);
    }
    return new Builds(parts, await BuildHistory.open(parts), limits);
  }

  private constructor(parts: BuildsParts, history: BuildHistory, limits: CacheLimits) {
    const known = { contexts: new KnownContexts(), roots: new KnownRoots(parts.host) };
    const cacheFolders = new CacheFolders(parts.volumes, parts.clock);
    this.parts = { ...parts, ...known, cacheFolders, share: sharedSteps() };
    this.history = history;
    this.limits = limits;
    this.background = new Background(parts.report);
    this.storage = new CacheStorage(this.parts);
    this.handlers = {
      build: (request, up, context) => this.build(request, up, context),
      check: (request, up, context) => this.check(request, up, context),
      list: () => Promise.resolve(this.history.list().map(summaryOf)),
      inspect: async ({ build }) => Promise.resolve(this.history.find(build)),
      watch: ({ build }, { signal }) => this.history.watch(this.history.find(build).id, signal),
      cancel: async ({ build }) => {
        const { id } = this.history.find(build);
        this.history.cancel(id);
        return Promise.resolve(summaryOf(this.history.find(id)));
      },
      remove: ({ builds }) => this.remove(builds),
      cacheUsage: (_, { signal }) => cacheUsage(this.parts, signal),
      pruneCache: (filters, { signal }) => pruneCache(this.parts, filters, signal),
      cacheLimits: () => Promise.resolve(this.limits.current),
      saveCacheLimits: (wanted) => this.saveLimits(wanted),
    };
  }

  /** What a crash has left goes, once the agent can be asked; then the cache is kept within its limits. */
  beginUpkeep(ready: (signal: AbortSignal) => Promise<void>): void {
    const { signal } = this.closing;
    const upkeep = async (): Promise<void> => {
      await ready(signal);
      await removeLeftOver(this.parts, signal);
      await collectAgainAndAgain(this.parts, this.limits, signal);
    };
    upkeep().catch((thrown: unknown) => {
      if (!signal.aborted) this.parts.report('What builds have left could not be removed.', thrown);
    });
  }

  /** In force at once. */
  private async saveLimits(wanted: BuildCacheLimits): Promise<BuildCacheLimits> {
    const saved = await this.limits.save(wanted);
    await collect(this.parts, this.limits, this.closing.signal);
    return saved;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closing.abort(new EngineError('cancelled', 'The engine is closing.'));
    await this.background[Symbol.asyncDispose]();
  }

  private async *build(
    request: BuildRequest,
    up: AsyncIterable<Uint8Array>,
    { signal }: HandlerContext,
  ): AsyncGenerator<BuildEvent> {
    const queue = new EventQueue();
    const left = new AbortController();
    const running = this.run(request, up, queue, left.signal);
    const leave = (): void => left.abort(signal.reason);
    if (!request.background) signal.addEventListener('abort', leave, { once: true });
    try {
      yield* queue.read(signal);
    } finally {
      if (!request.background) {
        leave();
        await running;
      }
    }
  }

  /** Never rejects: the queue has the outcome. */
  private async run(
    request: BuildRequest,
    up: AsyncIterable<Uint8Array>,
    queue: EventQueue,
    left: AbortSignal,
  ): Promise<void> {
    const { platform, clock } = this.parts;
    const details = buildDetails(request, platform, clock.now());
    const { id } = details;
    const emit = (event: BuildEvent): void => {
      this.history.add(id, event);
      queue.add(event);
    };
    let failure: EngineError | null;
    try {
      const cancelled = await this.history.begin(details);
      const signal = AbortSignal.any([left, cancelled, this.closing.signal]);
      emit({ type: 'started', build: id, at: details.startedAt });
      failure = await this.outcome(request, up, emit, signal);
      await this.history.end(id);
    } catch (thrown) {
      failure = toEngineError(thrown);
    }
    queue.end(failure);
  }

  private async outcome(
    request: BuildRequest,
    up: AsyncIterable<Uint8Array>,
    emit: (event: BuildEvent) => void,
    signal: AbortSignal,
  ): Promise<EngineError | null> {
    const ended = { type: 'ended', at: '' } as const;
    const now = (): string => this.parts.clock.now().toISOString();
    try {
      const result = await this.inSession(request, up, { emit, signal }, (session) => session.run());
      emit({ ...ended, status: 'done', at: now(), result, error: null });
      return null;
    } catch (thrown) {
      const error = signal.aborted ? toEngineError(signal.reason) : toEngineError(thrown);
      const status = signal.aborted ? 'cancelled' : 'failed';
      emit({ ...ended, status, at: now(), result: null, error: toWire(error) });
      return error;
    }
  }

  private async *check(
    request: BuildRequest,
    up: AsyncIterable<Uint8Array>,
    { signal }: HandlerContext,
  ): AsyncGenerator<BuildCheck> {
    const quietly = { emit: () => undefined, signal };
    yield await this.inSession(request, up, quietly, (session) => session.check());
  }

  private async inSession<T>(
    request: BuildRequest,
    up: AsyncIterable<Uint8Array>,
    around: Pick<SessionOptions, 'emit' | 'signal'>,
    work: (session: BuildSession) => Promise<T>,
  ): Promise<T> {
    const context = await openContext(request, up, this.parts, around.signal);
    try {
      return await work(new BuildSession(this.parts, { ...around, request, context }));
    } finally {
      this.background.add('What was sent for a build could not be removed.', context.discard());
    }
  }

  private async remove(asked: readonly string[]): Promise<{ readonly removed: readonly string[] }> {
    const builds = asked.length === 0 ? this.history.list() : asked.map((id) => this.history.find(id));
    const removed = builds.filter(({ id }) => !this.history.isLive(id)).map(({ id }) => id);
    for (const id of removed) await this.history.remove(id);
    return { removed };
  }
}
