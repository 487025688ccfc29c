import { z } from 'zod';
import { isEngineError } from '../../errors/index.ts';
import type { ApiCall } from '../server/api-call.ts';
import { DockerError } from '../server/failure.ts';
import { json, noContent, type Reply } from '../server/reply.ts';
import { route, type Route } from '../server/router.ts';
import { dictionary, given, word } from '../wire/json.ts';
import { volumeJson } from '../wire/volume.ts';

const LIST_FILTERS = ['dangling', 'driver', 'label', 'name'] as const;
const VOLUME_PRUNE_FILTERS = ['all', 'label', 'label!'] as const;

/** Since this version only volumes that nobody named are pruned, unless all are asked for. */
const PRUNE_ANONYMOUS_SINCE = 42;

async function listVolumes({ engine, query }: ApiCall): Promise<Reply> {
  const filters = query.filters(LIST_FILTERS);
  const volumes = await engine.volumes.list({
    filters: {
      dangling: filters.flag('dangling'),
      name: filters.get('name'),
      label: filters.get('label'),
      driver: filters.get('driver'),
    },
  });
  return json({ Volumes: volumes.map((volume) => volumeJson(volume)), Warnings: null });
}

const createBody = z.object({ Name: word, Driver: word, DriverOpts: dictionary, Labels: dictionary });

async function createVolume(call: ApiCall): Promise<Reply> {
  const body = await call.json(createBody);
  const driver = given(body.Driver) ?? 'local';
  if (driver !== 'local') {
    throw new DockerError(404, `error looking up volume plugin ${driver}: plugin "${driver}" not found`);
  }
  const name = body.Name ?? '';
  try {
    const volume = await call.engine.volumes.create({
      ...(name !== '' && { name }),
      options: body.DriverOpts ?? {},
      labels: body.Labels ?? {},
    });
    return json(volumeJson(volume), 201);
  } catch (thrown) {
    throw isEngineError(thrown, 'invalid-argument') && thrown.detail.path === 'name'
      ? invalidName(name, thrown)
      : thrown;
  }
}

function invalidName(name: string, cause: unknown): DockerError {
  const short = name.slice(0, 300);
  const words =
    name.length < 2
      ? 'volume name is too short, names should be at least two alphanumeric characters'
      : `"${short}" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path`;
  return new DockerError(400, `create ${short}: ${words}`, { cause });
}

async function inspectVolume({ engine, name }: ApiCall): Promise<Reply> {
  return json(volumeJson(await known(name, engine.volumes.inspect({ volume: name }))));
}

/** For good, as Docker does: the trash is for those who know that there is one. */
async function removeVolume({ engine, name, query }: ApiCall): Promise<Reply> {
  const request = { volume: name, force: query.flag('force'), permanently: true };
  try {
    await known(name, engine.volumes.remove(request));
  } catch (thrown) {
    if (!isEngineError(thrown, 'conflict') && !isEngineError(thrown, 'failed-precondition')) throw thrown;
    const { usedBy } = await engine.volumes.inspect({ volume: name });
    const users = usedBy.map(({ id }) => id).join(', ');
    throw new DockerError(409, `remove ${name}: volume is in use - [${users}]`, { cause: thrown });
  }
  return noContent();
}

async function pruneVolumes({ engine, query, version }: ApiCall): Promise<Reply> {
  const filters = query.filters(VOLUME_PRUNE_FILTERS);
  const { removed, freedBytes } = await engine.volumes.prune({
    all: filters.flag('all') ?? version < PRUNE_ANONYMOUS_SINCE,
    labels: filters.get('label') ?? [],
    labelsNot: filters.get('label!') ?? [],
  });
  return json({ VolumesDeleted: removed.length === 0 ? null : removed, SpaceReclaimed: freedBytes });
}

async function known<T>(name: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (thrown) {
    if (!isEngineError(thrown, 'not-found')) throw thrown;
    throw new DockerError(404, `get ${name.slice(0, 200)}: no such volume`, { cause: thrown });
  }
}

const noClusterVolumes = (): never => {
  throw new DockerError(503, 'volumes of a cluster are not supported');
};

export const volumeRoutes: readonly Route[] = [
  route('GET', '/volumes', listVolumes),
  route('POST', '/volumes/create', createVolume),
  route('POST', '/volumes/prune', pruneVolumes, { since: 25 }),
  route('GET', '/volumes/{name}', inspectVolume),
  route('PUT', '/volumes/{name}', noClusterVolumes),
  route('DELETE', '/volumes/{name}', removeVolume),
];
