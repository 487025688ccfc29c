import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import type { BuildRequest, EngineHandlers, HandlerContext } from '../contract/index.ts';
import { EngineError, toEngineError, toWire } from '../errors/index.ts';
import { SharedWork } from '../images/index.ts';
import type { BuildCheck, BuildDetails, BuildEvent, PrunedBuildCache } from '../types/index.ts';
import type { BuildsParts } from './build-parts.ts';
import { BuildSession, type SessionParts } from './build-session.ts';
import { KnownContexts } from './context/contexts.ts';
import { removeLeftOver } from './executor/work-container.ts';
import { EventQueue } from './history/event-queue.ts';
import { summaryOf } from './history/build-record.ts';
import { BuildHistory } from './history/history.ts';
import type { BuiltLayer } from './graph/vertex.ts';
import type { StepContext, StepsUnderWay } from './solver/solver.ts';
import { receivedContext, type UploadedContext } from './context/uploaded-context.ts';

type Handlers = EngineHandlers['builds'];
type CacheFilters = Parameters<Handlers['pruneCache']>[0];
interface Log {
  readonly stream: 'stdout' | 'stderr';
  readonly data: Uint8Array;
}

/** Builds images of Dockerfiles: the contract's `builds`. */
export class Builds implements AsyncDisposable {
  readonly handlers: Handlers;
  private readonly parts: SessionParts;
  private readonly history: BuildHistory;
  private readonly closing = new AbortController();

  static async open(parts: BuildsParts): Promise<Builds> {
    return new Builds(parts, await BuildHistory.open(parts));
  }

  private constructor(parts: BuildsParts, history: BuildHistory) {
    this.parts = { ...parts, contexts: new KnownContexts(), share: sharedSteps() };
    this.history = history;
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
      cacheUsage: () => Promise.resolve(this.cacheUsage()),
      pruneCache: (filters) => this.pruneCache(filters),
    };
  }

  /** What a crash has left goes, once the agent can be asked. */
  beginUpkeep(ready: (signal: AbortSignal) => Promise<void>): void {
    const { signal } = this.closing;
    const upkeep = async (): Promise<void> => {
      await ready(signal);
      await removeLeftOver(this.parts, signal);
      await this.parts.cache.forget(this.parts.cache.outdated());
    };
    upkeep().catch((thrown: unknown) => {
      if (!signal.aborted) this.parts.report('What builds have left could not be removed.', thrown);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closing.abort(new EngineError('cancelled', 'The engine is closing.'));
    await Promise.resolve();
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
    const details = this.details(request);
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
      const result = await this.inSession(request, up, emit, signal, (session) => session.run());
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
    yield await this.inSession(
      request,
      up,
      () => undefined,
      signal,
      (session) => session.check(),
    );
  }

  private async inSession<T>(
    request: BuildRequest,
    up: AsyncIterable<Uint8Array>,
    emit: (event: BuildEvent) => void,
    signal: AbortSignal,
    work: (session: BuildSession) => Promise<T>,
  ): Promise<T> {
    const { context } = request;
    if (context.kind === 'git' || context.kind === 'image') {
      throw new EngineError('not-implemented', 'The context of a build is a folder or an archive.', {
        detail: { step: 'context' },
        hint: 'Clone the repository, and build its folder.',
      });
    }
    const uploaded: UploadedContext | null =
      context.kind === 'upload' ? await receivedContext(up, this.parts.temporaryDir, signal) : null;
    try {
      const folder = context.kind === 'folder' ? context.path : (uploaded?.folder ?? null);
      return await work(new BuildSession(this.parts, request, folder, emit, signal));
    } finally {
      await uploaded?.discard();
    }
  }

  private details(request: BuildRequest): BuildDetails {
    const { context, tags, platform } = request;
    const path = context.kind === 'folder' ? context.path : '';
    const { os, architecture, variant } = platform ?? this.parts.platform;
    return {
      id: randomBytes(12).toString('hex'),
      name: tags[0] ?? (basename(path) || 'build'),
      references: tags,
      context: path,
      dockerfile: request.dockerfile ?? 'Dockerfile',
      target: request.target ?? null,
      platform: { os, architecture, ...(variant !== undefined && { variant }) },
      status: 'running',
      startedAt: this.parts.clock.now().toISOString(),
      ...{ endedAt: null, steps: 0, cachedSteps: 0, warnings: 0, imageId: null, error: null },
      ...{ progress: [], checks: [], result: null },
      buildArgs: withoutSecrets(request.buildArgs),
    };
  }

  private async remove(asked: readonly string[]): Promise<{ readonly removed: readonly string[] }> {
    const builds = asked.length === 0 ? this.history.list() : asked.map((id) => this.history.find(id));
    const removed = builds.filter(({ id }) => !this.history.isLive(id)).map(({ id }) => id);
    for (const id of removed) await this.history.remove(id);
    return { removed };
  }

  private cacheUsage(): Awaited<ReturnType<Handlers['cacheUsage']>> {
    const entries = this.parts.cache.entries();
    const totalBytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const free = entries.filter(({ shared }) => !shared);
    return { entries, totalBytes, reclaimableBytes: free.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
  }

  /** Layers that images have stay with them. */
  private async pruneCache({ unusedForSeconds, keepBytes }: CacheFilters): Promise<PrunedBuildCache> {
    const { cache, images, events, clock } = this.parts;
    const limit = clock.now().getTime() - (unusedForSeconds ?? 0) * 1000;
    let kept = 0;
    const latestFirst = [...cache.entries()].sort((a, b) => (a.lastUsedAt < b.lastUsedAt ? 1 : -1));
    const going = latestFirst.filter(({ lastUsedAt, sizeBytes }) => {
      if (unusedForSeconds !== undefined && Date.parse(lastUsedAt) > limit) return false;
      if (keepBytes === undefined) return true;
      kept += sizeBytes;
      return kept > keepBytes;
    });
    const removed = going.map(({ id }) => id);
    await cache.forget(removed);
    const { freedBytes } = await images.collectGarbage();
    events.publish({ type: 'build', action: 'prune', id: '' });
    return { removed, freedBytes };
  }
}

/** Identical steps of builds that are under way at once are done once; each hears of the output from then on. */
function sharedSteps(): StepsUnderWay {
  const work = new SharedWork<Log, Omit<BuiltLayer, 'createdAt'> | BuiltLayer>();
  return async <T extends Omit<BuiltLayer, 'createdAt'> | BuiltLayer>(
    key: string,
    run: (context: StepContext) => Promise<T>,
    { signal, log }: StepContext,
  ): Promise<T> => {
    const layer = await work.join(
      key,
      (shared) => run({ signal: shared.signal, log: (stream, data) => shared.report({ stream, data }) }),
      { signal, onProgress: ({ stream, data }) => log(stream, data) },
    );
    // The same key, the same kind of work.
    return layer as T;
  };
}

const SECRET_NAME = /pass|secret|token|key|credential|auth/i;

function withoutSecrets(buildArgs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(buildArgs).map(([name, value]) => [name, SECRET_NAME.test(name) ? '' : value]),
  );
}
