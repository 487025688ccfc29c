import type { EngineHandlers } from '@longshore/engine/contract';
import { EngineError } from '@longshore/engine/errors';
import type { EngineEvent, ImageSummary, StarterImage, SystemInfo } from '@longshore/engine/types';
import { fakeContainers } from './fake-containers.ts';
import { fakeId } from './fake-data.ts';
import { fakePull } from './fake-pull.ts';
import type { FakeWorld } from './fake-world.ts';

/**
 * An engine made from the contract alone, for development and for the tests that run the real renderer. An operation
 * that the contract gains and this lacks does not compile.
 */
export function fakeEngine(world: FakeWorld): EngineHandlers {
  return {
    containers: fakeContainers(world),
    images: fakeImages(world),
    events: { watch: (query, { signal }) => watch(world, query.types, signal) },
    system: fakeSystem(world),
  };
}

const STARTERS: readonly Omit<StarterImage, 'installed'>[] = [
  {
    name: 'hello',
    reference: 'hello:latest',
    description: 'Prints a greeting and exits. Shows that running and logs work.',
  },
  {
    name: 'busybox',
    reference: 'busybox:latest',
    description: 'A tiny Linux with a shell. Opens a terminal inside the container.',
  },
];

function fakeImages(world: FakeWorld): EngineHandlers['images'] {
  return {
    list: () => Promise.resolve([...world.images.values()].map((image) => withUse(world, image))),
    inspect: () =>
      Promise.reject(new EngineError('not-implemented', 'The fake engine does not inspect images.')),
    pull: ({ reference }, { signal }) => fakePull(world, reference, signal),
    tag: ({ image, reference }) => {
      const found = world.image(image);
      const tagged = { ...found, references: [...found.references, reference] };
      world.images.set(found.id, tagged);
      world.publish({ type: 'image', action: 'tag', id: found.id, reference });
      return Promise.resolve(tagged);
    },
    remove: async ({ image }) => {
      await Promise.resolve();
      const found = withUse(world, world.image(image));
      if (found.usedBy.length > 0) {
        throw new EngineError('conflict', `The image is in use by ${found.usedBy.join(', ')}.`, {
          hint: 'Delete those containers first.',
        });
      }
      world.images.delete(found.id);
      world.publish({ type: 'image', action: 'delete', id: found.id, reference: found.references[0] ?? '' });
      return { untagged: found.references, deleted: [found.id], freedBytes: found.uniqueBytes };
    },
    starters: () =>
      Promise.resolve(
        STARTERS.map((starter) => ({
          ...starter,
          installed: [...world.images.values()].some((image) => image.references.includes(starter.reference)),
        })),
      ),
    installStarter: ({ name }) => {
      const reference = `${name}:latest`;
      const image: ImageSummary = {
        id: `sha256:${fakeId(reference)}`,
        references: [reference],
        repoDigests: [],
        createdAt: new Date().toISOString(),
        sizeBytes: name === 'hello' ? 14_100 : 2_100_000,
        uniqueBytes: name === 'hello' ? 14_100 : 2_100_000,
        platform: { os: 'linux', architecture: 'amd64' },
        labels: {},
        usedBy: [],
      };
      world.images.set(image.id, image);
      world.publish({ type: 'image', action: 'import', id: image.id, reference });
      return Promise.resolve(image);
    },
  };
}

function withUse(world: FakeWorld, image: ImageSummary): ImageSummary {
  const users = [...world.containers.values()].filter((each) =>
    image.references.includes(each.image.reference),
  );
  return { ...image, usedBy: users.map((each) => each.name) };
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
  };
}

async function* watch(
  world: FakeWorld,
  types: readonly EngineEvent['type'][] | undefined,
  signal: AbortSignal,
): AsyncGenerator<EngineEvent> {
  const queue: EngineEvent[] = [];
  let wake: () => void = () => undefined;
  const stop = world.listen((event) => {
    if (types === undefined ? event.type !== 'task' : types.includes(event.type)) queue.push(event);
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
