import type {
  ContainerDetails,
  ContainerNetwork,
  ContainerSpec,
  ContainerState,
  NetworkAttachment,
  NetworkSummary,
  PortPublication,
  PublishedPort,
} from '@longshore/engine/types';
import { attachedTo, believableNetworks } from './fake-network-parts.ts';
import { ago, DAY, fakeId, fakeSpec } from './fake-parts.ts';

export function fakeContainer(
  name: string,
  image: string,
  state: ContainerState,
  spec: ContainerSpec = fakeSpec(),
): ContainerDetails {
  const id = fakeId(name);
  const isOnDefault = spec.network === 'bridge' && spec.networks.length === 0;
  const whole = {
    ...spec,
    hostname: id.slice(0, 12),
    ...(isOnDefault && { networks: [onNetwork('bridge')] }),
  };
  const made: ContainerDetails = {
    id,
    name,
    image: { reference: image, id: `sha256:${fakeId(image)}` },
    command: [...spec.entrypoint, ...spec.command],
    createdAt: state.startedAt ?? ago(2 * DAY),
    state,
    tty: spec.tty,
    networks: [],
    ports: [],
    exposedPorts: spec.exposedPorts,
    labels: spec.labels,
    spec: whole,
    platform: 'linux/amd64',
    warnings: [],
    reasons: [],
  };
  return placed(made, believableNetworks());
}

export function onNetwork(name: string, part: Partial<NetworkAttachment> = {}): NetworkAttachment {
  return {
    network: { id: fakeId(`network ${name}`), name },
    aliases: [],
    ipv4: null,
    ipv6: null,
    mac: null,
    interface: null,
    gatewayPriority: 0,
    links: [],
    ...part,
  };
}

export function published(
  hostPort: number | null,
  containerPort: number,
  hostAddress: string | null = null,
): PortPublication {
  return {
    containerPort,
    protocol: 'tcp',
    hostAddress,
    hostPorts: hostPort === null ? null : { first: hostPort, last: hostPort },
  };
}

export const exposed = (containerPort: number) => ({ containerPort, protocol: 'tcp' }) as const;

/** With its addresses and published ports as its settings and its state have them. */
export function placed(container: ContainerDetails, networks: Iterable<NetworkSummary>): ContainerDetails {
  const { spec, state } = container;
  const running = state.status === 'running' || state.status === 'paused';
  const known = [...networks];
  const places = spec.networks.map((attachment, index): ContainerNetwork => {
    const network = known.find(({ id }) => id === attachment.network.id);
    const { id, name } = attachment.network;
    const whole = network ?? { id, name, subnets: [], builtIn: false };
    const place = attachedTo(whole, container, attachment.aliases, attachment.ipv4 ?? undefined);
    return running
      ? { ...place, interface: `eth${index}` }
      : { ...place, interface: null, ipv4: null, ipv6: null, mac: null };
  });
  return { ...container, networks: places, ports: running ? portsOf(spec, container.id) : [] };
}

function portsOf(spec: ContainerSpec, id: string): readonly PublishedPort[] {
  const chosen = (port: number) => 32_768 + ((Number.parseInt(id.slice(0, 4), 16) + port) % 28_000);
  const named = spec.ports.map(({ containerPort, protocol, hostAddress, hostPorts }): PublishedPort => ({
    containerPort,
    protocol,
    hostAddress: hostAddress ?? '0.0.0.0',
    hostPort: hostPorts?.first ?? chosen(containerPort),
  }));
  if (!spec.publishAllPorts) return named;
  const others = spec.exposedPorts.filter(
    (port) => !named.some((each) => each.containerPort === port.containerPort),
  );
  return [
    ...named,
    ...others.map((port) => ({ ...port, hostAddress: '0.0.0.0', hostPort: chosen(port.containerPort) })),
  ];
}
