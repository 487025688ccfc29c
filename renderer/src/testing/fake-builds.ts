import type { EngineHandlers } from '@longshore/engine/contract';
import { EngineError, toWire } from '@longshore/engine/errors';
import type {
  BuildCacheEntry,
  BuildCacheLimits,
  BuildDetails,
  BuildEvent,
  BuildStepProgress,
  BuildSummary,
} from '@longshore/engine/types';
import { BUILD_CACHE, BUILD_WARNING, BUILT_STEPS, finishedBuilds, STEP_LINES } from './fake-build-parts.ts';
import { fakeId } from './fake-parts.ts';
import type { FakeWorld } from './fake-world.ts';

type Handlers = EngineHandlers['builds'];
type BuildRequest = Parameters<Handlers['build']>[0];

const LINE_MS = 250;

/** Builds that take their time, and a history of some. Targets with `broken` fail in their last step. */
export function fakeBuilds(world: FakeWorld): Handlers {
  const builds = new Map(finishedBuilds().map((build) => [build.id, build]));
  const events = new Map<string, BuildEvent[]>();
  const cancelled = new Set<string>();
  let cache = BUILD_CACHE;
  let limits: BuildCacheLimits = { maxBytes: 20 * 1024 ** 3, maxUnusedSeconds: 14 * 24 * 60 * 60 };
  const find = (id: string): BuildDetails => {
    const found = [...builds.values()].find((build) => build.id.startsWith(id));
    if (found === undefined) throw new EngineError('not-found', `There is no build ${id} here.`);
    return found;
  };
  const remember = (event: BuildEvent, build: BuildDetails): void => {
    builds.set(build.id, build);
    events.get(build.id)?.push(event);
  };
  /** Goes on whoever looks, as a build in the background does. */
  const drive = async (request: BuildRequest, first: BuildDetails) => {
    let build = first;
    const { signal } = new AbortController();
    try {
      for await (const event of script(world, request, build, signal, () => cancelled.has(build.id))) {
        build = after(build, event);
        remember(event, build);
        if (event.type === 'started' || event.type === 'ended') {
          world.publish({ type: 'build', action: event.type === 'ended' ? 'end' : 'start', id: build.id });
        }
      }
    } catch {
      // Its last event has told the failure.
    }
  };
  const watch: Handlers['watch'] = async function* ({ build }, { signal }) {
    const { id } = find(build);
    for (let next = 0; ; next++) {
      const known = events.get(id) ?? [];
      while (next >= known.length && find(id).status === 'running') await world.pause(LINE_MS, signal);
      const event = known[next];
      if (event === undefined) return;
      yield event;
    }
  };
  return {
    watch,
    build: async function* (request, _, context) {
      const build = startedBuild(request, builds.size);
      builds.set(build.id, build);
      events.set(build.id, []);
      void drive(request, build);
      yield* watch({ build: build.id }, context);
    },
    check: async function* () {
      yield await Promise.resolve({ warnings: [BUILD_WARNING], error: null, failed: false });
    },
    list: () => Promise.resolve([...builds.values()].map(summaryOf).reverse()),
    inspect: async ({ build }) => Promise.resolve(find(build)),
    cancel: async ({ build }) => {
      cancelled.add(find(build).id);
      return Promise.resolve(summaryOf(find(build)));
    },
    remove: async ({ builds: asked }) => {
      const ids = asked.length === 0 ? [...builds.keys()] : asked.map((id) => find(id).id);
      const removed = ids.filter((id) => find(id).status !== 'running');
      for (const id of removed) builds.delete(id);
      return Promise.resolve({ removed });
    },
    cacheUsage: () =>
      Promise.resolve({
        entries: cache,
        totalBytes: bytesOf(cache),
        reclaimableBytes: bytesOf(cache.filter(({ shared }) => !shared)),
      }),
    cacheLimits: () => Promise.resolve(limits),
    saveCacheLimits: (wanted) => {
      limits = wanted;
      return Promise.resolve(limits);
    },
    pruneCache: ({ all }) => {
      const going = cache.filter(({ shared }) => all || !shared);
      cache = cache.filter((entry) => !going.includes(entry));
      return Promise.resolve({ removed: going.map(({ id }) => id), freedBytes: bytesOf(going) });
    },
  };
}

function bytesOf(entries: readonly BuildCacheEntry[]): number {
  return entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

async function* script(
  world: FakeWorld,
  request: BuildRequest,
  { id, startedAt }: BuildDetails,
  signal: AbortSignal,
  isCancelled: () => boolean,
): AsyncGenerator<BuildEvent> {
  yield { type: 'started', build: id, at: startedAt };
  yield { type: 'planned', steps: BUILT_STEPS, warnings: [BUILD_WARNING] };
  const breaks = request.target?.includes('broken') === true;
  for (const { index } of BUILT_STEPS) {
    const isCached = index < 2 && !request.noCache;
    const ended = { type: 'step-ended', step: index, durationMs: LINE_MS * 4, sizeBytes: 4_200_000 } as const;
    if (isCached) {
      yield { ...ended, state: 'cached', durationMs: 0, error: null };
      continue;
    }
    const miss = { reason: 'files-changed', detail: 'src/main.ts has changed' } as const;
    yield { type: 'step-started', step: index, at: new Date().toISOString(), miss };
    for (const line of STEP_LINES) {
      await world.pause(LINE_MS, signal);
      if (isCancelled()) {
        yield { ...ended, state: 'cancelled', error: null };
        yield endedWith('cancelled', new EngineError('cancelled', 'The build was cancelled.'));
        return;
      }
      yield { type: 'step-log', step: index, stream: 'stdout', data: new TextEncoder().encode(`${line}\n`) };
    }
    const failure = breaks && index === BUILT_STEPS.length - 1;
    const error = new EngineError('failed-precondition', 'The command "npm run build" ended with 1.');
    yield { ...ended, state: failure ? 'failed' : 'done', error: failure ? toWire(error) : null };
    if (failure) {
      yield endedWith('failed', error);
      throw error;
    }
  }
  yield { type: 'output', message: 'writing the image' };
  yield endedWith('done', null, request.tags);
}

function endedWith(
  status: 'done' | 'failed' | 'cancelled',
  error: EngineError | null,
  references: readonly string[] = [],
): BuildEvent {
  const imageId = `sha256:${fakeId('built')}`;
  const platform = { os: 'linux', architecture: 'amd64' };
  const result = { imageId, manifestDigest: `sha256:${fakeId('manifest')}`, references, platform };
  const at = new Date().toISOString();
  return { type: 'ended', status, at, result: error === null ? result : null, error: error && toWire(error) };
}

function startedBuild(request: BuildRequest, count: number): BuildDetails {
  const context = request.context.kind === 'folder' ? request.context.path : '';
  return {
    id: fakeId(`build ${count} ${request.tags.join()}`).slice(0, 24),
    name: request.tags[0] ?? context,
    references: request.tags,
    context,
    dockerfile: request.dockerfile ?? 'Dockerfile',
    target: request.target ?? null,
    platform: { os: 'linux', architecture: 'amd64' },
    status: 'running',
    startedAt: new Date().toISOString(),
    endedAt: null,
    steps: 0,
    cachedSteps: 0,
    warnings: 0,
    imageId: null,
    error: null,
    progress: [],
    checks: [],
    buildArgs: request.buildArgs,
    result: null,
  };
}

/** The build as it is once the event has happened. */
function after(build: BuildDetails, event: BuildEvent): BuildDetails {
  const step = (index: number, change: Partial<BuildStepProgress>): BuildDetails => ({
    ...build,
    progress: build.progress.map((each) => (each.index === index ? { ...each, ...change } : each)),
  });
  switch (event.type) {
    case 'planned': {
      const none = { state: 'waiting', startedAt: null, durationMs: null, sizeBytes: null } as const;
      const progress = event.steps.map((each) => ({ ...each, ...none, miss: null, error: null }));
      return { ...build, progress, steps: event.steps.length, checks: event.warnings, warnings: 1 };
    }
    case 'step-started':
      return step(event.step, { state: 'running', startedAt: event.at, miss: event.miss });
    case 'step-ended': {
      const { state, durationMs, sizeBytes, error } = event;
      const cachedSteps = build.cachedSteps + (state === 'cached' ? 1 : 0);
      return { ...step(event.step, { state, durationMs, sizeBytes, error }), cachedSteps };
    }
    case 'ended': {
      const { status, at, result, error } = event;
      return { ...build, status, endedAt: at, result, error, imageId: result?.imageId ?? null };
    }
    case 'started':
    case 'step-log':
    case 'output':
    case 'output-data':
      return build;
  }
}

function summaryOf({
  progress: _,
  checks: __,
  buildArgs: ___,
  result: ____,
  ...summary
}: BuildDetails): BuildSummary {
  return summary;
}
