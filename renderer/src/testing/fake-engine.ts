import type { EngineHandlers } from '@longshore/engine/contract';
import { EngineError } from '@longshore/engine/errors';
import type { EngineEvent, SystemInfo } from '@longshore/engine/types';
import { fakeBuilds } from './fake-builds.ts';
import { fakeContainers } from './fake-containers.ts';
import { fakeDocker } from './fake-docker.ts';
import { fakeImages } from './fake-images.ts';
import { fakeNetworks } from './fake-networks.ts';
import { fakeRegistries } from './fake-registries.ts';
import { fakeStorage } from './fake-storage.ts';
import { fakeVolumes } from './fake-volumes.ts';
import type { FakeWorld } from './fake-world.ts';

/**
 * An engine made from the contract alone, for development and for the tests that run the real renderer. An operation
 * that the contract gains and this lacks does not compile.
 */
export function fakeEngine(world: FakeWorld): EngineHandlers {
  return {
    containers: fakeContainers(world),
    images: fakeImages(world),
    builds: fakeBuilds(world),
    networks: fakeNetworks(world),
    registries: fakeRegistries(world),
    volumes: fakeVolumes(world),
    docker: fakeDocker(world),
    events: { watch: (query, { signal }) => watch(world, query, signal) },
    system: fakeSystem(world),
  };
}

function fakeSystem(world: FakeWorld): EngineHandlers['system'] {
  const info = (): SystemInfo => {
    const containers = [...world.containers.values()];
    return {
      version: '0.1.0',
      engineId: '5b0c6a0e-3a0d-4d7c-9a53-2f4f3c1f7a10',
      dataDir: '/var/lib/longshore',
      runDir: '/run/longshore',
      agent: world.agent,
      host: null,
      counts: {
        containers: containers.length,
        running: containers.filter((each) => each.state.status === 'running').length,
        images: world.images.size,
      },
    };
  };
  return {
    info: () => Promise.resolve(info()),
    usage: () =>
      Promise.resolve({
        cpus: 8,
        cpuFraction: 0.2 + Math.random() * 0.1,
        memoryTotalBytes: 16 * 1024 ** 3,
        memoryUsedBytes: 6.2 * 1024 ** 3,
        diskTotalBytes: 512e9,
        diskUsedBytes: 138e9,
      }),
    startAgent: async () => {
      await world.pause(1200, new AbortController().signal);
      world.agent = { status: 'running', pid: 902, version: '0.1.0' };
      world.publish({ type: 'engine', action: 'state' });
      return info();
    },
    tasks: () => Promise.resolve([...world.tasks.values()]),
    cancelTask: ({ task }) => {
      const found = world.tasks.get(task);
      if (found === undefined) return Promise.reject(new EngineError('not-found', 'This task has gone.'));
      world.cancelled.add(task);
      return Promise.resolve(found);
    },
    clearTasks: () => {
      for (const [id, task] of world.tasks) if (task.status !== 'running') world.tasks.delete(id);
      return Promise.resolve([...world.tasks.values()]);
    },
    ...fakeStorage(world),
  };
}

type EventQuery = Parameters<EngineHandlers['events']['watch']>[0];

function wanted({ types, subject }: EventQuery): (event: EngineEvent) => boolean {
  return (event) => {
    if (types === undefined ? event.type === 'task' : !types.includes(event.type)) return false;
    return subject === undefined || ('id' in event && event.id === subject);
  };
}

async function* watch(world: FakeWorld, query: EventQuery, signal: AbortSignal): AsyncGenerator<EngineEvent> {
  const queue: EngineEvent[] = query.since === undefined ? [] : world.history.filter(wanted(query));
  let wake: () => void = () => undefined;
  const stop = world.listen((event) => {
    if (wanted(query)(event)) queue.push(event);
    wake();
  });
  signal.addEventListener('abort', () => wake(), { once: true });
  try {
    while (!signal.aborted) {
      const event = queue.shift();
      if (event !== undefined) yield event;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    stop();
  }
}
