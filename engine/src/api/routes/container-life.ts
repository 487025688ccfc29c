import { isEngineError, toEngineError } from '../../errors/index.ts';
import type { ContainerDetails, ContainerExit } from '../../types/index.ts';
import type { ApiCall } from '../server/api-call.ts';
import { DockerError } from '../server/failure.ts';
import { json, noContent, type Reply } from '../server/reply.ts';
import { containerFailure, startFailure } from '../wire/container-failures.ts';
import { containerRequest } from '../wire/container-create.ts';
import { createBody } from '../wire/container-settings.ts';
import { platformOf } from '../wire/platform.ts';
import { pruneFilters, PRUNE_FILTERS } from '../wire/prune-filters.ts';
import { resourcesRequest, restartRequest, updateBody } from '../wire/resources-request.ts';

export async function createContainer(call: ApiCall): Promise<Reply> {
  const { engine, query, version, signal } = call;
  const name = query.text('name');
  const platform = platformOf(query.text('platform'));
  const request = {
    ...containerRequest(await call.json(createBody), { name, version }),
    ...(platform && { platform }),
  };
  try {
    const details = await engine.containers.create(request, { signal });
    return json({ Id: details.id, Warnings: details.warnings }, 201);
  } catch (thrown) {
    if (isEngineError(thrown, 'already-exists') && name !== undefined)
      throw await nameTaken(call, name, thrown);
    throw containerFailure(thrown, name ?? '');
  }
}

async function nameTaken({ engine }: ApiCall, name: string, cause: unknown): Promise<unknown> {
  const plain = name.replace(/^\//, '');
  try {
    const { id } = await engine.containers.inspect({ container: plain });
    return new DockerError(
      409,
      `Conflict. The container name "/${plain}" is already in use by container "${id}". You have to remove (or rename) that container to be able to reuse that name.`,
      { cause },
    );
  } catch {
    // Gone by now: the engine's own words are the truth of then.
    return cause;
  }
}

export async function startContainer(call: ApiCall): Promise<Reply> {
  const { engine, signal } = call;
  const { id, state, spec } = await find(call);
  if (state.status === 'running') return noContent(304);
  try {
    await engine.containers.start({ container: id }, { signal });
  } catch (thrown) {
    // `docker run --rm` waits for it to be gone, also when it never began.
    if (spec.autoRemove) await discard(call, id);
    throw startFailure(thrown);
  }
  return noContent();
}

async function discard({ engine }: ApiCall, container: string): Promise<void> {
  try {
    await engine.containers.remove({ container, force: true, volumes: true });
  } catch (thrown) {
    if (!isEngineError(thrown)) throw thrown;
    // What the client hears is why it did not start.
  }
}

export async function stopContainer(call: ApiCall): Promise<Reply> {
  const { engine, name, query } = call;
  const { state, spec } = await find(call);
  if (!isAlive(state.status)) return noContent(304);
  const signal = query.text('signal');
  // Another signal than the container's own: it is sent, and what follows is a stop like any other.
  if (signal !== undefined && signal !== spec.stopSignal)
    await engine.containers.kill({ container: name, signal });
  await engine.containers.stop({ container: name, ...timeout(call) });
  return noContent();
}

export async function restartContainer(call: ApiCall): Promise<Reply> {
  try {
    await call.engine.containers.restart({ container: call.name, ...timeout(call) });
  } catch (thrown) {
    throw startFailure(thrown);
  }
  return noContent();
}

export async function killContainer(call: ApiCall): Promise<Reply> {
  const { engine, name, query } = call;
  const { id, state } = await find(call);
  if (!isAlive(state.status))
    throw new DockerError(409, `cannot kill container: ${name}: container ${id} is not running`);
  const signal = query.text('signal');
  try {
    await engine.containers.kill({ container: name, ...(signal !== undefined && { signal }) });
  } catch (thrown) {
    if (!isEngineError(thrown, 'invalid-argument')) throw thrown;
    throw new DockerError(400, `Invalid signal: ${signal?.slice(0, 32) ?? ''}`, { cause: thrown });
  }
  return noContent();
}

export async function pauseContainer(call: ApiCall): Promise<Reply> {
  const { id, state } = await find(call);
  if (state.status === 'paused') throw new DockerError(409, `Container ${id} is already paused`);
  if (!isAlive(state.status)) throw new DockerError(409, `Container ${id} is not running`);
  await call.engine.containers.pause({ container: id });
  return noContent();
}

export async function unpauseContainer(call: ApiCall): Promise<Reply> {
  const { id, state } = await find(call);
  if (state.status !== 'paused') throw new DockerError(409, `Container ${id} is not paused`);
  await call.engine.containers.unpause({ container: id });
  return noContent();
}

export async function removeContainer(call: ApiCall): Promise<Reply> {
  const { engine, query } = call;
  if (query.flag('link')) throw new DockerError(400, 'links are names, which cannot be removed one by one');
  const found = await find(call);
  try {
    await engine.containers.remove({
      container: found.id,
      force: query.flag('force'),
      volumes: query.flag('v'),
    });
  } catch (thrown) {
    if (!isEngineError(thrown, 'conflict')) throw thrown;
    const state = found.state.status === 'stopping' ? 'running' : found.state.status;
    throw new DockerError(
      409,
      `cannot remove container "/${found.name}": container is ${state}: stop the container before removing or force remove`,
      { cause: toEngineError(thrown) },
    );
  }
  return noContent();
}

export async function renameContainer(call: ApiCall): Promise<Reply> {
  const { engine, name, query } = call;
  const to = query.text('name')?.replace(/^\//, '');
  if (to === undefined) throw new DockerError(400, 'Neither old nor new names may be empty');
  try {
    await engine.containers.rename({ container: name, name: to });
  } catch (thrown) {
    if (isEngineError(thrown, 'already-exists')) throw await nameTaken(call, to, thrown);
    throw containerFailure(thrown, to);
  }
  return noContent();
}

export async function updateContainer(call: ApiCall): Promise<Reply> {
  const body = await call.json(updateBody);
  const restart = restartRequest(body.RestartPolicy);
  const { warnings } = await call.engine.containers.update({
    container: call.name,
    resources: resourcesRequest(body),
    ...(restart !== undefined && { restart }),
  });
  return json({ Warnings: warnings });
}

const CONDITIONS = ['not-running', 'next-exit', 'removed'] as const;

/** The head is sent as soon as waiting has begun: `docker run` starts the container only then. */
export async function waitForContainer(call: ApiCall): Promise<Reply> {
  const { engine, query, signal } = call;
  const asked = query.text('condition') ?? 'not-running';
  const condition = CONDITIONS.find((known) => known === asked);
  if (condition === undefined) throw new DockerError(400, `invalid condition: "${asked.slice(0, 64)}"`);
  const { id } = await find(call);
  const exit = exitOf(engine, { container: id, condition }, signal);
  // Told by the body, which begins to be read later.
  exit.catch(() => undefined);
  return { kind: 'stream', contentType: 'application/json', headAtOnce: true, body: waitBody(exit) };
}

/** A start that fails is no exit: who asked for the start hears of it, and the waiting goes on, as with Docker. */
async function exitOf(
  engine: ApiCall['engine'],
  awaited: { readonly container: string; readonly condition: (typeof CONDITIONS)[number] },
  signal: AbortSignal,
): Promise<ContainerExit> {
  for (;;) {
    try {
      return await engine.containers.wait(awaited, { signal });
    } catch (thrown) {
      if (!isEngineError(thrown, 'failed-precondition')) throw thrown;
    }
  }
}

async function* waitBody(exit: Promise<ContainerExit>): AsyncIterable<string> {
  const answer = await exit.then(
    ({ code }) => ({ StatusCode: code }),
    (thrown: unknown) => {
      const error = toEngineError(thrown);
      return { StatusCode: error.detail.exitCode ?? 125, Error: { Message: error.message } };
    },
  );
  yield `${JSON.stringify(answer)}\n`;
}

export async function pruneContainers({ engine, query }: ApiCall): Promise<Reply> {
  const filters = pruneFilters(query.filters(PRUNE_FILTERS));
  const { removed, freedBytes } = await engine.containers.prune(filters);
  return json({ ContainersDeleted: removed.length === 0 ? null : removed, SpaceReclaimed: freedBytes });
}

export function find({ engine, name }: ApiCall): Promise<ContainerDetails> {
  return engine.containers.inspect({ container: name });
}

function isAlive(status: ContainerDetails['state']['status']): boolean {
  return status === 'running' || status === 'paused' || status === 'stopping' || status === 'restarting';
}

function timeout({ query }: ApiCall): { readonly timeoutSeconds?: number } {
  const seconds = query.integer('t');
  return seconds === undefined ? {} : { timeoutSeconds: Math.max(-1, seconds) };
}
