import type { ContainerRequest, EngineHandlers } from '@longshore/engine/contract';
import { EngineError } from '@longshore/engine/errors';
import type { ContainerDetails, ContainerProcess, ContainerResources } from '@longshore/engine/types';
import { statsBatches } from './fake-stats.ts';
import type { FakeWorld } from './fake-world.ts';

type LifeHandlers = Pick<
  EngineHandlers['containers'],
  'pause' | 'unpause' | 'update' | 'processes' | 'stats' | 'prune' | 'resize'
>;

export function fakeContainerLife(world: FakeWorld): LifeHandlers {
  return {
    pause: ({ container }) => attempt(() => change(world, container, 'running', 'paused', 'pause')),
    unpause: ({ container }) => attempt(() => change(world, container, 'paused', 'running', 'unpause')),
    update: ({ container, resources, restart }) =>
      attempt(() => {
        const found = world.container(container);
        const next: ContainerDetails = {
          ...found,
          spec: {
            ...found.spec,
            resources: resourcesOf(resources, found.spec.resources),
            restart: restart ?? found.spec.restart,
          },
        };
        refuseTooLittle(next);
        world.containers.set(next.id, next);
        world.say(next, 'update');
        return next;
      }),
    processes: ({ container }) =>
      attempt(() => {
        const found = world.container(container);
        if (found.state.pid === null) {
          throw new EngineError('failed-precondition', `The container "${found.name}" is not running.`);
        }
        return { processes: processesOf(found), truncated: false };
      }),
    resize: ({ container }) => attempt(() => ({ id: world.container(container).id })),
    stats: ({ containers }, { signal }) => statsBatches(world, containers, signal),
    prune: () =>
      attempt(() => {
        const gone = [...world.containers.values()].filter(({ state: { status } }) =>
          ['created', 'exited'].includes(status),
        );
        for (const container of gone) {
          world.containers.delete(container.id);
          world.say(container, 'destroy');
        }
        return { removed: gone.map(({ id }) => id), freedBytes: gone.length * 12_000_000 };
      }),
  };
}

async function attempt<T>(act: () => T): Promise<T> {
  await Promise.resolve();
  return act();
}

function change(
  world: FakeWorld,
  name: string,
  from: 'running' | 'paused',
  to: 'running' | 'paused',
  action: 'pause' | 'unpause',
): ContainerDetails {
  const found = world.container(name);
  if (found.state.status !== from) {
    throw new EngineError('failed-precondition', `The container "${found.name}" is not ${from}.`);
  }
  return world.become(found, { status: to }, action);
}

/** What was said, over what was; zero and less is no limit. */
export function resourcesOf(
  asked: ContainerRequest['resources'],
  before: ContainerResources,
): ContainerResources {
  const { blockIo, oomKillDisable, cpusetCpus, cpusetMems, ...numbers } = asked;
  const said = Object.entries(numbers).filter(([, value]) => value !== undefined);
  return {
    ...before,
    ...Object.fromEntries(said.map(([name, value]) => [name, value === 0 ? null : value])),
    oomKillDisable: oomKillDisable ?? before.oomKillDisable,
    cpusetCpus: cpusetCpus === '' ? null : (cpusetCpus ?? before.cpusetCpus),
    cpusetMems: cpusetMems === '' ? null : (cpusetMems ?? before.cpusetMems),
    blockIo: {
      weight: blockIo?.weight === 0 ? null : (blockIo?.weight ?? before.blockIo.weight),
      weightDevices: blockIo?.weightDevices ?? before.blockIo.weightDevices,
      readBps: blockIo?.readBps ?? before.blockIo.readBps,
      writeBps: blockIo?.writeBps ?? before.blockIo.writeBps,
      readIops: blockIo?.readIops ?? before.blockIo.readIops,
      writeIops: blockIo?.writeIops ?? before.blockIo.writeIops,
    },
  };
}

const LEAST_OF_POSTGRES = 32 * 1024 * 1024;

/** As the kernel refuses a limit below what is in use. */
function refuseTooLittle({ name, spec }: ContainerDetails): void {
  const limit = spec.resources.memoryBytes;
  if (name !== 'db' || limit === null || limit >= LEAST_OF_POSTGRES) return;
  throw new EngineError('failed-precondition', 'The memory limit is below what the container uses now.', {
    detail: { step: 'limit memory', errno: 'EBUSY', path: 'memory.limit_in_bytes' },
    hint: 'Choose a higher limit, or stop the container first.',
  });
}

function processesOf(container: ContainerDetails): readonly ContainerProcess[] {
  const startedAt = container.state.startedAt ?? container.createdAt;
  const ran = Date.now() - Date.parse(startedAt);
  const first = container.state.pid ?? 1;
  const command = container.command;
  const workers = container.name === 'web' ? 4 : 2;
  const base = { tty: container.tty ? 'pts/0' : null, threads: 1, startedAt, gid: 101 };
  return [
    {
      ...base,
      pid: first,
      parentPid: first - 12,
      pidInside: 1,
      uid: 0,
      gid: 0,
      cpuNs: ran * 180,
      state: 'S',
      residentBytes: 7_340_032,
      virtualBytes: 11_010_048,
      name: (command[0] ?? 'init').split('/').at(-1)?.slice(0, 15) ?? 'init',
      args: command,
    },
    ...Array.from({ length: workers }, (_, index): ContainerProcess => ({
      ...base,
      pid: first + 30 + index,
      parentPid: first,
      pidInside: 28 + index,
      uid: 101,
      cpuNs: ran * (900 + 4000 * index),
      state: index === 1 ? 'R' : 'S',
      residentBytes: 3_145_728 + index * 1_400_000,
      virtualBytes: 11_534_336,
      threads: 1 + index,
      name: 'worker',
      args: [`${command[0] ?? 'init'}: worker process`],
    })),
  ];
}
