import type { BuildRequestInput, EngineClient } from '../../contract/index.ts';
import type { BuildEvent } from '../../types/index.ts';
import type { ApiCall } from '../server/api-call.ts';
import { DockerError } from '../server/failure.ts';
import { durationMs } from '../server/query.ts';
import { json, noContent, type Reply } from '../server/reply.ts';
import { route, type Route } from '../server/router.ts';
import { type ProgressLine, progressReply } from '../streams/json-lines.ts';
import { upload } from '../streams/upload.ts';
import { buildFailure } from '../wire/build-failure.ts';
import { BuildLines } from '../wire/build-lines.ts';
import { buildSettings, gitContext } from '../wire/build-request.ts';
import { fetchContext } from './remote-context.ts';

const PRUNE_FILTERS = [
  'until',
  'unused-for',
  'id',
  'parent',
  'type',
  'description',
  'inuse',
  'shared',
  'private',
];

/** `POST /build`, as Docker's classic builder answers it. */
function build(call: ApiCall): Reply {
  const { query, headers } = call;
  const settings = buildSettings(query, headers['x-registry-config']);
  return progressReply(query.flag('q') ? quietLines(call, settings) : buildLines(call, settings));
}

type Settings = ReturnType<typeof buildSettings>;

async function* buildLines(call: ApiCall, settings: Settings): AsyncIterable<ProgressLine> {
  const lines = new BuildLines();
  for await (const event of buildEvents(call, settings)) yield* lines.next(event);
}

/** Only the image's id; what a build has said is told when it fails. */
async function* quietLines(call: ApiCall, settings: Settings): AsyncIterable<ProgressLine> {
  const lines = new BuildLines();
  const told: ProgressLine[] = [];
  let imageId: string | null = null;
  try {
    for await (const event of buildEvents(call, settings)) {
      told.push(...lines.next(event));
      if (event.type === 'ended') imageId = event.result?.imageId ?? null;
    }
  } catch (thrown) {
    yield* told;
    throw thrown;
  }
  if (imageId !== null) yield { stream: `${imageId}\n` };
}

async function* buildEvents(call: ApiCall, settings: Settings): AsyncIterable<BuildEvent> {
  const { engine, query, signal, cancellations } = call;
  using cancellation = cancellations.register(query.text('buildid'), signal);
  try {
    const { context, bytes } = await contextOf(call, settings.dockerfile, cancellation.signal);
    const building = engine.builds.build({ ...settings, ...context }, { signal: cancellation.signal });
    yield* upload(building, bytes);
  } catch (thrown) {
    throw buildFailure(thrown);
  }
}

interface Context {
  readonly context: Pick<BuildRequestInput, 'context' | 'dockerfileText'>;
  /** What is sent to the engine after the request. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

async function contextOf(
  { query, body }: ApiCall,
  dockerfile: string | undefined,
  signal: AbortSignal,
): Promise<Context> {
  const remote = query.text('remote');
  if (remote === undefined) return { context: { context: { kind: 'upload' } }, bytes: body };
  const git = gitContext(remote);
  if (git !== undefined) return { context: { context: git }, bytes: nothing() };
  const fetched = await fetchContext(remote, signal);
  if (fetched.kind === 'archive') return { context: { context: { kind: 'upload' } }, bytes: fetched.bytes };
  if (dockerfile !== undefined) {
    throw new DockerError(400, 'a context that is a Dockerfile has no other one in it');
  }
  return { context: { context: { kind: 'empty' }, dockerfileText: fetched.text }, bytes: nothing() };
}

async function* nothing(): AsyncGenerator<never> {
  // The context is no archive of the caller's.
}

/** `POST /build/cancel?id=`: of a build that named itself by `buildid`. */
function cancelBuild({ query, cancellations }: ApiCall): Reply {
  const id = query.text('id');
  if (id === undefined) throw new DockerError(400, 'build ID not specified');
  cancellations.cancel(id);
  return noContent(200);
}

/** `POST /build/prune`. */
async function pruneBuilds({ engine, query }: ApiCall): Promise<Reply> {
  const request = pruneRequest(query);
  const { removed, freedBytes } = await engine.builds.pruneCache(request);
  return json({ CachesDeleted: removed.length === 0 ? null : removed, SpaceReclaimed: freedBytes });
}

type PruneRequest = Parameters<EngineClient['builds']['pruneCache']>[0];

function pruneRequest(query: ApiCall['query']): PruneRequest {
  const filters = query.filters(PRUNE_FILTERS);
  const unserved = PRUNE_FILTERS.slice(2).find((name) => filters.get(name) !== undefined);
  if (unserved !== undefined) {
    throw new DockerError(501, `the filter '${unserved}' of build caches is not supported`);
  }
  const unused = filters.single('until') ?? filters.single('unused-for');
  const age = unused === undefined ? undefined : durationMs(unused);
  if (age === null) throw new DockerError(400, `invalid filter 'until=${unused?.slice(0, 64) ?? ''}'`);
  // The three have been one: what may stay, however much of it is needed.
  const keep =
    query.integer('max-used-space') ?? query.integer('reserved-space') ?? query.integer('keep-storage');
  return {
    all: query.flag('all'),
    ...(age !== undefined && { unusedForSeconds: Math.floor(age / 1000) }),
    ...(keep !== undefined && keep > 0 && { keepBytes: keep }),
  };
}

const noSession = (): never => {
  throw new DockerError(501, 'BuildKit sessions are not offered: build with DOCKER_BUILDKIT=0');
};

export const buildRoutes: readonly Route[] = [
  route('POST', '/build', build),
  route('POST', '/build/prune', pruneBuilds, { since: 31 }),
  route('POST', '/build/cancel', cancelBuild, { since: 39 }),
  route('POST', '/session', noSession),
  route('POST', '/grpc', noSession),
];
