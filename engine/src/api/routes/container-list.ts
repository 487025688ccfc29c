import type { EngineClient } from '../../contract/index.ts';
import type { ContainerDetails, ContainerUsage } from '../../types/index.ts';
import type { ApiCall } from '../server/api-call.ts';
import { json, type Reply, writtenJson } from '../server/reply.ts';
import { containerJson, type ContainerSizes } from '../wire/container.ts';
import { containerSummaryText } from '../wire/container-summary.ts';
import { containerFilters, isTask } from '../wire/container-filters.ts';

type Engine = Pick<EngineClient, 'containers' | 'volumes' | 'images'>;

/** `GET /containers/json`. */
export async function listContainers(call: ApiCall): Promise<Reply> {
  const { engine, query, version, signal } = call;
  const filters = query.filters(containerFilters.known);
  if (isTask(filters)) return json([]);
  const limit = query.integer('limit') ?? 0;
  const found = await engine.containers.inspectAll({
    all: query.flag('all') || limit > 0,
    ...(limit > 0 && { last: limit }),
    filters: containerFilters.parse(filters),
  });
  const mountpointOf = await mountpoints(engine, found);
  const sizes = query.flag('size') ? await sizesOf(engine, found, signal) : undefined;
  const lines = found.map((one) =>
    containerSummaryText(one, { version, mountpointOf, sizes: sizes?.get(one.id) }),
  );
  return writtenJson(`[${lines.join(',')}]`);
}

/** `GET /containers/{name}/json`. */
export async function inspectContainer(call: ApiCall): Promise<Reply> {
  const { engine, name, version, query, execs, signal } = call;
  const details = await engine.containers.inspect({ container: name });
  const mountpointOf = await mountpoints(engine, [details]);
  const sizes = query.flag('size') ? await sizesOf(engine, [details], signal) : undefined;
  const execIds = execs.runningIn(details.id);
  return json(containerJson(details, { version, execIds, mountpointOf, sizes: sizes?.get(details.id) }));
}

async function mountpoints(
  engine: Engine,
  containers: readonly ContainerDetails[],
): Promise<(volume: string) => string> {
  if (!containers.some(({ spec }) => spec.mounts.some(({ type }) => type === 'volume'))) return () => '';
  const volumes = await engine.volumes.list({});
  const places = new Map(volumes.map(({ name, mountpoint }) => [name, mountpoint]));
  return (volume) => places.get(volume) ?? '';
}

async function sizesOf(
  engine: Engine,
  containers: readonly ContainerDetails[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ContainerSizes>> {
  if (containers.length === 0) return new Map();
  const images = new Map((await engine.images.list({})).map(({ id, sizeBytes }) => [id, sizeBytes]));
  const usages = new Map<string, ContainerUsage>();
  const ids = containers.map(({ id }) => id);
  for await (const usage of engine.containers.usage({ containers: ids }, { signal })) {
    usages.set(usage.id, usage);
  }
  return new Map(
    containers.flatMap(({ id, image }): readonly (readonly [string, ContainerSizes])[] => {
      const usage = usages.get(id);
      return usage === undefined ? [] : [[id, { usage, imageBytes: images.get(image.id) ?? 0 }]];
    }),
  );
}
