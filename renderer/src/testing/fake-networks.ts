import type { EngineHandlers, NetworkRequest } from '@longshore/engine/contract';
import { EngineError } from '@longshore/engine/errors';
import type {
  ContainerDetails,
  NetworkAttachment,
  NetworkDetails,
  NetworkMember,
  NetworkSubnet,
  NetworkSummary,
} from '@longshore/engine/types';
import { overlaps, parseCidr } from '../lib/ip.ts';
import { onNetwork } from './fake-container.ts';
import { fakeProbe } from './fake-probe.ts';
import { fakeId } from './fake-parts.ts';
import { subnetOf } from './fake-network-parts.ts';
import type { FakeWorld } from './fake-world.ts';

export function fakeNetworks(world: FakeWorld): EngineHandlers['networks'] {
  return {
    list: () => attempt(() => all(world).map((network) => withUse(world, network))),
    inspect: ({ network }) => attempt(() => detailsOf(world, world.network(network))),
    create: (request) => attempt(() => create(world, request)),
    remove: ({ network }) =>
      attempt(() => {
        const found = withUse(world, world.network(network));
        if (found.builtIn)
          throw new EngineError('failed-precondition', `The network "${found.name}" is built in.`);
        const running = membersOf(world, found).filter((member) => member.running);
        if (running.length > 0) {
          const names = running.map((member) => member.containerName).join(', ');
          throw new EngineError('conflict', `The network "${found.name}" is in use by ${names}.`, {
            hint: 'Disconnect them first.',
          });
        }
        gone(world, found);
        return { id: found.id };
      }),
    prune: () =>
      attempt(() => {
        const unused = all(world)
          .map((network) => withUse(world, network))
          .filter(({ builtIn, usedBy }) => !builtIn && usedBy.length === 0);
        for (const network of unused) gone(world, network);
        return { removed: unused.map(({ id, name }) => ({ id, name })) };
      }),
    connect: ({ network, container, aliases, ipv4 }) =>
      attempt(() => {
        const found = world.network(network);
        const member = world.container(container);
        if (member.networks.some(({ id }) => id === found.id)) {
          throw new EngineError('already-exists', `"${member.name}" is on "${found.name}" already.`);
        }
        const taken = membersOf(world, found).find(({ ipv4: other }) => other?.address === ipv4);
        if (ipv4 !== undefined && taken !== undefined) {
          throw new EngineError('conflict', `${ipv4} is the address of "${taken.containerName}".`, {
            hint: 'Choose another address, or none.',
          });
        }
        const attachment = onNetwork(found.name, { aliases, ipv4: ipv4 ?? null });
        setNetworks(world, member, [
          ...member.spec.networks,
          { ...attachment, network: { id: found.id, name: found.name } },
        ]);
        say(world, found, 'connect', member);
        return detailsOf(world, found);
      }),
    disconnect: ({ network, container }) =>
      attempt(() => {
        const found = world.network(network);
        const member = world.container(container);
        if (!member.networks.some(({ id }) => id === found.id)) {
          throw new EngineError('not-found', `"${member.name}" is not on "${found.name}".`);
        }
        setNetworks(
          world,
          member,
          member.spec.networks.filter(({ network: each }) => each.id !== found.id),
        );
        say(world, found, 'disconnect', member);
        return detailsOf(world, found);
      }),
    probe: async (request, { signal }) => {
      await world.pause(300, signal);
      return fakeProbe(world, request);
    },
  };
}

async function attempt<T>(act: () => T): Promise<T> {
  await Promise.resolve();
  return act();
}

function all(world: FakeWorld): NetworkSummary[] {
  return [...world.networks.values()].sort((a, b) => a.name.localeCompare(b.name));
}

function say(
  world: FakeWorld,
  { id, name, driver }: NetworkSummary,
  action: 'create' | 'connect' | 'disconnect' | 'destroy',
  member?: ContainerDetails,
): void {
  const attributes = { name, type: driver, ...(member !== undefined && { container: member.id }) };
  world.publish({ type: 'network', action, id, name, attributes });
}

function gone(world: FakeWorld, network: NetworkSummary): void {
  world.networks.delete(network.id);
  say(world, network, 'destroy');
}

function setNetworks(
  world: FakeWorld,
  container: ContainerDetails,
  networks: readonly NetworkAttachment[],
): void {
  world.place({ ...container, spec: { ...container.spec, networks } });
}

function withUse(world: FakeWorld, network: NetworkSummary): NetworkSummary {
  return { ...network, usedBy: membersOf(world, network).map(({ containerName }) => containerName) };
}

function membersOf(world: FakeWorld, network: NetworkSummary): NetworkMember[] {
  return [...world.containers.values()]
    .flatMap(({ id, name, state, networks }) => {
      const place = networks.find((each) => each.id === network.id);
      if (place === undefined) return [];
      const running = state.status === 'running' || state.status === 'paused';
      const { interface: link, ipv4, ipv6, mac, aliases } = place;
      const now = running ? { interface: link, ipv4, ipv6, mac } : NOT_RUNNING;
      return [{ containerId: id, containerName: name, running, ...now, aliases }];
    })
    .sort((a, b) => a.containerName.localeCompare(b.containerName));
}

const NOT_RUNNING = { interface: null, ipv4: null, ipv6: null, mac: null } as const;

function detailsOf(world: FakeWorld, network: NetworkSummary): NetworkDetails {
  const members = membersOf(world, network);
  return {
    ...withUse(world, network),
    members,
    link: network.driver === 'bridge' ? `ls-${network.id.slice(0, 8)}` : null,
  };
}

function create(world: FakeWorld, request: NetworkRequest): NetworkDetails {
  for (const other of world.networks.values()) {
    if (other.name.toLowerCase() === request.name.toLowerCase()) {
      throw new EngineError('already-exists', `There is a network "${other.name}" already.`, {
        detail: { path: 'name' },
      });
    }
    for (const { subnet } of request.subnets) refuseOverlap(subnet, other);
  }
  const subnets = request.subnets.map(({ subnet, gateway, range, reserved }): NetworkSubnet => ({
    subnet,
    gateway: gateway ?? null,
    range: range ?? null,
    reserved,
  }));
  const network: NetworkSummary = {
    id: fakeId(`network ${request.name}`),
    name: request.name,
    driver: request.driver,
    builtIn: false,
    createdAt: new Date().toISOString(),
    ipv4: request.ipv4,
    ipv6: request.ipv6 ?? false,
    internal: request.internal,
    attachable: request.attachable,
    labels: request.labels,
    options: request.options,
    subnets: subnets.length > 0 ? subnets : [subnetOf(`172.${40 + world.networks.size}.0.0/16`)],
    usedBy: [],
  };
  world.networks.set(network.id, network);
  say(world, network, 'create');
  return detailsOf(world, network);
}

/** As the engine refuses what the page cannot know of: a route of the machine. */
const ROUTES = [{ subnet: '10.8.0.0/24', link: 'tun0' }];

function refuseOverlap(subnet: string, other: NetworkSummary): void {
  const asked = parseCidr(subnet);
  if (asked === undefined) return;
  const clash = other.subnets.find((each) => {
    const theirs = parseCidr(each.subnet);
    return theirs !== undefined && overlaps(asked, theirs);
  });
  if (clash !== undefined) {
    throw new EngineError('conflict', `${subnet} overlaps ${clash.subnet} of the network "${other.name}".`, {
      detail: { path: 'subnets' },
    });
  }
  const route = ROUTES.find((each) => {
    const theirs = parseCidr(each.subnet);
    return theirs !== undefined && overlaps(asked, theirs);
  });
  if (route !== undefined) {
    throw new EngineError('conflict', `${subnet} overlaps ${route.subnet}, which ${route.link} reaches.`, {
      detail: { path: 'subnets' },
      hint: 'Choose another subnet, or none: a free one is then picked.',
    });
  }
}
