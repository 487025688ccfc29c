import { z } from 'zod';
import { type EngineError, isEngineError, toEngineError } from '../../errors/index.ts';
import type { NetworkDetails } from '../../types/index.ts';
import type { ApiCall } from '../server/api-call.ts';
import { DockerError } from '../server/failure.ts';
import { json, noContent, type Reply } from '../server/reply.ts';
import { route, type Route } from '../server/router.ts';
import { endpointSettings } from '../wire/container-settings.ts';
import { flag, word } from '../wire/json.ts';
import { createNetworkBody, networkJson, networkRequest } from '../wire/network.ts';
import { attachmentRequest } from '../wire/networking-request.ts';
import { PRUNE_FILTERS, pruneFilters } from '../wire/prune-filters.ts';

const LIST_FILTERS = ['dangling', 'driver', 'id', 'label', 'name', 'scope', 'type'] as const;

async function listNetworks({ engine, query, version }: ApiCall): Promise<Reply> {
  const filters = query.filters(LIST_FILTERS);
  const found = await engine.networks.list({
    filters: {
      name: filters.get('name'),
      id: filters.get('id'),
      driver: filters.get('driver'),
      label: filters.get('label'),
      type: filters.words('type', ['custom', 'builtin']),
      scope: filters.get('scope'),
      dangling: filters.flag('dangling'),
    },
  });
  // Lists say nothing of who is on a network.
  return json(found.map((network) => networkJson({ ...network, members: [], link: null }, version)));
}

async function inspectNetwork({ engine, name, query, version }: ApiCall): Promise<Reply> {
  if (!['', 'local'].includes(query.text('scope') ?? '')) throw notFound(name);
  return json(networkJson(await known(name, engine.networks.inspect({ network: name })), version));
}

async function createNetwork(call: ApiCall): Promise<Reply> {
  const request = networkRequest(await call.json(createNetworkBody));
  try {
    const { id } = await call.engine.networks.create(request, { signal: call.signal });
    return json({ Id: id, Warning: '' }, 201);
  } catch (thrown) {
    if (!isEngineError(thrown, 'already-exists')) throw thrown;
    throw new DockerError(409, `network with name ${request.name} already exists`, { cause: thrown });
  }
}

async function removeNetwork({ engine, name, signal }: ApiCall): Promise<Reply> {
  const { id, members } = await known(name, engine.networks.inspect({ network: name }));
  try {
    await engine.networks.remove({ network: id }, { signal });
  } catch (thrown) {
    if (!isEngineError(thrown, 'failed-precondition')) throw thrown;
    const endpoints = members.filter(({ running }) => running).map((one) => `name:"${one.containerName}"`);
    throw new DockerError(
      403,
      `error while removing network: network ${name} id ${id} has active endpoints (${endpoints.join(', ')})`,
      { cause: thrown },
    );
  }
  return noContent();
}

async function pruneNetworks({ engine, query }: ApiCall): Promise<Reply> {
  const { removed } = await engine.networks.prune(pruneFilters(query.filters(PRUNE_FILTERS)));
  return json({ NetworksDeleted: removed.length === 0 ? null : removed.map(({ name }) => name) });
}

const connectBody = z.object({ Container: word, EndpointConfig: endpointSettings });
const disconnectBody = z.object({ Container: word, Force: flag });

async function connect(call: ApiCall): Promise<Reply> {
  const { engine, name, signal } = call;
  const { Container: container = '', EndpointConfig } = await call.json(connectBody);
  const { id } = await known(name, engine.networks.inspect({ network: name }));
  try {
    await engine.networks.connect({ container, ...attachmentRequest(id, EndpointConfig) }, { signal });
  } catch (thrown) {
    const error = toEngineError(thrown);
    if (!isConnectedAlready(error)) throw thrown;
    throw new DockerError(403, `endpoint with name ${container} already exists in network ${name}`, {
      cause: thrown,
    });
  }
  return noContent(200);
}

function isConnectedAlready({ code }: EngineError): boolean {
  return code === 'already-exists' || code === 'conflict';
}

async function disconnect(call: ApiCall): Promise<Reply> {
  const { engine, name, signal } = call;
  const { Container: container = '', Force } = await call.json(disconnectBody);
  const { id } = await known(name, engine.networks.inspect({ network: name }));
  await engine.networks.disconnect({ network: id, container, force: Force ?? false }, { signal });
  return noContent(200);
}

async function known(name: string, network: Promise<NetworkDetails>): Promise<NetworkDetails> {
  try {
    return await network;
  } catch (thrown) {
    if (isEngineError(thrown, 'not-found')) throw notFound(name, thrown);
    throw thrown;
  }
}

function notFound(name: string, cause?: unknown): DockerError {
  return new DockerError(404, `network ${name.slice(0, 200)} not found`, { cause });
}

export const networkRoutes: readonly Route[] = [
  route('GET', '/networks', listNetworks),
  route('POST', '/networks/create', createNetwork),
  route('POST', '/networks/prune', pruneNetworks, { since: 25 }),
  route('POST', '/networks/{name}/connect', connect),
  route('POST', '/networks/{name}/disconnect', disconnect),
  route('GET', '/networks/{name}', inspectNetwork),
  route('DELETE', '/networks/{name}', removeNetwork),
];
