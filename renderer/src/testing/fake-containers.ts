import type { ContainerRequest, EngineHandlers } from '@longshore/engine/contract';
import { EngineError } from '@longshore/engine/errors';
import type { ContainerDetails, ContainerExit, ContainerMount, ContainerSpec } from '@longshore/engine/types';
import { fakeContainerLife, resourcesOf } from './fake-container-life.ts';
import { fakeContainerFiles } from './fake-container-files.ts';
import { fakeContainer, onNetwork } from './fake-container.ts';
import { CREATED, fakeId, fakeSpec } from './fake-parts.ts';
import { fakeLogRecord, longLog, textRecord } from './fake-logs.ts';
import { fakeVolume } from './fake-volume-parts.ts';
import { fakeShell } from './fake-shell.ts';
import type { FakeWorld } from './fake-world.ts';

const NEVER = new AbortController().signal;
const HISTORY = 400;
const LINE_EVERY_MS = 450;

export function fakeContainers(world: FakeWorld): EngineHandlers['containers'] {
  const listed = (all: boolean) =>
    [...world.containers.values()].filter((each) => all || each.state.status === 'running');
  return {
    list: ({ all }) => Promise.resolve(listed(all)),
    inspectAll: ({ all }) => Promise.resolve(listed(all)),
    inspect: ({ container }) => attempt(() => world.container(container)),
    create: (request) => attempt(() => create(world, request)),
    run: (request) =>
      attempt(() => {
        const made = create(world, request);
        return start(world, made);
      }),
    start: ({ container }) => attempt(() => start(world, world.container(container))),
    stop: async ({ container }) => {
      const found = world.container(container);
      world.become(found, { status: 'stopping' });
      await world.pause(700, NEVER);
      return end(world, found, { code: 143, signal: 'TERM' });
    },
    kill: ({ container }) =>
      attempt(() => end(world, world.container(container), { code: 137, signal: 'KILL' })),
    restart: async ({ container }) => {
      const found = world.container(container);
      world.become(found, { status: 'restarting' }, 'restart');
      await world.pause(900, NEVER);
      return start(world, found);
    },
    remove: ({ container }) =>
      attempt(() => {
        const found = world.container(container);
        if (found.name === 'registry-mirror') {
          throw new EngineError('failed-precondition', 'The files of "registry-mirror" are still in use.', {
            detail: { step: 'umount', errno: 'EBUSY', path: '/var/lib/longshore/agent/containers' },
            hint: 'Close what has them open, and delete it again.',
          });
        }
        world.containers.delete(found.id);
        world.say(found, 'destroy');
        return { id: found.id };
      }),
    rename: ({ container, name }) =>
      attempt(() => {
        if ([...world.containers.values()].some((each) => each.name === name)) {
          throw new EngineError('already-exists', `The name "${name}" is taken by another container.`);
        }
        const renamed = { ...world.container(container), name };
        world.containers.set(renamed.id, renamed);
        world.say(renamed, 'rename');
        return renamed;
      }),
    wait: ({ container }) =>
      attempt(() => {
        const { exit } = world.container(container).state;
        if (exit === null) throw new EngineError('not-implemented', 'The fake engine does not wait.');
        return exit;
      }),
    logs: async function* ({ container, follow, tail, since, until }, { signal }) {
      const found = world.container(container);
      const now = Date.now();
      if (found.name === 'redpanda') {
        yield* longLog({ tail, since, until });
        return;
      }
      if (found.name === 'hello') {
        yield {
          records: ['Hello from Longshore.', 'Pulling, running and logs work.'].map((text) =>
            textRecord(text, now),
          ),
        };
        return;
      }
      const history = Array.from({ length: HISTORY }, (_, at) =>
        fakeLogRecord(at, now - (HISTORY - at) * 700),
      );
      yield { records: history };
      for (let at = HISTORY; follow && !signal.aborted && found.state.status === 'running'; at += 1) {
        await world.pause(LINE_EVERY_MS, signal);
        yield { records: [fakeLogRecord(at, Date.now())] };
      }
    },
    attach: async function* ({ container }, up) {
      yield* fakeShell(world.container(container).name, up);
    },
    exec: async function* ({ container, command }, up) {
      const found = world.container(container);
      const [program = ''] = command;
      if (program === 'bash' || found.name === 'mailpit') {
        throw new EngineError('not-found', `The program "${program}" does not exist in the container.`, {
          detail: { step: 'exec', errno: 'ENOENT', path: program, exitCode: 127 },
        });
      }
      yield* fakeShell(found.id.slice(0, 12), up);
    },
    ...fakeContainerFiles(world),
    ...fakeContainerLife(world),
  };
}

async function attempt<T>(act: () => T): Promise<T> {
  await Promise.resolve();
  return act();
}

function create(world: FakeWorld, request: ContainerRequest): ContainerDetails {
  const image = world.image(request.image);
  const name = request.name ?? `quiet-harbour-${world.containers.size}`;
  if ([...world.containers.values()].some((each) => each.name === name)) {
    throw new EngineError('already-exists', `The name "${name}" is taken by another container.`, {
      hint: 'Choose another name, or delete that container.',
    });
  }
  const spec = specOf(world, request);
  const reference = image.references[0] ?? image.id;
  for (const mount of spec.mounts) {
    if (mount.type === 'volume' && !world.volumes.has(mount.source)) {
      world.volumes.set(mount.source, fakeVolume(mount.source, { anonymous: mount.anonymous }));
    }
  }
  const made = world.place(fakeContainer(name, reference, CREATED, spec));
  world.say(made, 'create');
  return made;
}

function start(world: FakeWorld, container: ContainerDetails): ContainerDetails {
  refuseTakenPorts(world, container);
  const startedAt = new Date().toISOString();
  const running = { ...CREATED, status: 'running', pid: 5120, startedAt } as const;
  const begun = world.become(container, running, 'start');
  return container.image.reference.startsWith('hello') ? end(world, begun, { code: 0, signal: null }) : begun;
}

function end(
  world: FakeWorld,
  container: ContainerDetails,
  how: Pick<ContainerExit, 'code' | 'signal'>,
): ContainerDetails {
  const at = new Date().toISOString();
  const exit: ContainerExit = { ...how, oomKilled: false, memoryPeakBytes: null, memoryLimitBytes: null, at };
  return world.become(
    container,
    { ...CREATED, status: 'exited', startedAt: container.state.startedAt, exit },
    'die',
  );
}

/** Two containers cannot have one port of the machine. */
function refuseTakenPorts(world: FakeWorld, container: ContainerDetails): void {
  for (const other of world.containers.values()) {
    for (const { hostPort, protocol } of other.id === container.id ? [] : other.ports) {
      const clash = container.spec.ports.find(
        (port) => port.protocol === protocol && port.hostPorts?.first === hostPort,
      );
      if (clash === undefined) continue;
      throw new EngineError(
        'conflict',
        `Port ${hostPort}/${protocol} is used by the container "${other.name}".`,
        {
          detail: { step: 'ports', path: `${hostPort}/${protocol}` },
          hint: `Port ${hostPort + 1} is free.`,
        },
      );
    }
  }
}

function specOf(world: FakeWorld, request: ContainerRequest): ContainerSpec {
  const {
    healthcheck,
    users,
    volumesFrom: _volumesFrom,
    apparmor,
    cgroupParent,
    stopSignal,
    stopTimeoutSeconds,
    log,
    ...rest
  } = request;
  const base = fakeSpec();
  const health = healthcheck === undefined || 'disabled' in healthcheck ? undefined : healthcheck;
  const command = health?.command;
  return {
    ...base,
    ...rest,
    entrypoint: request.entrypoint ?? [],
    command: request.command ?? ['/bin/sh'],
    user: request.user ?? '',
    workingDir: request.workingDir ?? '/',
    hostname: request.hostname ?? '',
    domainname: request.domainname ?? '',
    shmSizeBytes: request.shmSizeBytes ?? base.shmSizeBytes,
    resources: resourcesOf(request.resources, base.resources),
    network: request.network,
    networks: request.networks.map(({ network, aliases, ipv4 }) => {
      const { id, name } = world.network(network);
      return onNetwork(name, { network: { id, name }, aliases, ipv4: ipv4 ?? null });
    }),
    ports: request.ports.map(({ containerPort, protocol, hostAddress, hostPorts }) => ({
      containerPort,
      protocol,
      hostAddress: hostAddress ?? null,
      hostPorts: hostPorts ?? null,
    })),
    mounts: request.mounts.map((mount, index): ContainerMount => {
      if (mount.type !== 'volume') return mount;
      const { driver: _driver, options: _options, labels: _labels, source, ...rest } = mount;
      const name = source ?? fakeId(`anonymous ${request.name ?? ''} ${world.volumes.size} ${index}`);
      return { ...rest, source: name, anonymous: source === undefined };
    }),
    pid: request.pid,
    ipc: request.ipc,
    apparmor: apparmor ?? null,
    cgroupParent: cgroupParent ?? '',
    idMapping: users === 'auto' ? { hostId: 2_147_483_647, size: 65_536 } : null,
    stopSignal: stopSignal ?? base.stopSignal,
    stopTimeoutSeconds: stopTimeoutSeconds ?? base.stopTimeoutSeconds,
    log: log ?? base.log,
    healthcheck:
      health === undefined
        ? null
        : {
            command: typeof command === 'string' ? ['/bin/sh', '-c', command] : (command ?? []),
            intervalMs: health.intervalMs ?? 30_000,
            timeoutMs: health.timeoutMs ?? 30_000,
            startPeriodMs: health.startPeriodMs ?? 0,
            startIntervalMs: health.startIntervalMs ?? 5000,
            retries: health.retries ?? 3,
          },
  };
}
