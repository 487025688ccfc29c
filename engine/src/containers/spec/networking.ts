import type { ContainerRequest } from '../../contract/index.ts';
import type { NetworkSource } from '../../networks/index.ts';
import { DEFAULT_NETWORK_ID } from '../../runtime/index.ts';
import type { ContainerSpec, NetworkAttachment } from '../../types/index.ts';
import { attachmentOf } from '../networking/attachments.ts';
import { parseExposedPorts, portKey } from '../networking/ports.ts';
import type { ContainerImage } from '../image-source.ts';
import { type FindPeer, peerOf } from './namespaces.ts';
import { refused } from './refused.ts';

interface Surroundings {
  readonly image: Pick<ContainerImage, 'config'>;
  readonly find: FindPeer;
  readonly networks: Pick<NetworkSource, 'find'>;
}

type Networking = Pick<ContainerSpec, 'networks' | 'ports' | 'exposedPorts' | 'publishAllPorts'>;

/** Networks and ports, as asked and as the image says; what contradicts itself is refused. */
export function networking(request: ContainerRequest, around: Surroundings): Networking {
  checkMode(request);
  const exposedPorts = [
    ...parseExposedPorts(around.image.config.exposedPorts),
    ...request.exposedPorts,
    ...request.ports.map(({ containerPort, protocol }) => ({ containerPort, protocol })),
  ];
  return {
    networks: request.network === 'bridge' ? attachments(request, around) : [],
    ports: request.ports.map((port) => ({
      containerPort: port.containerPort,
      protocol: port.protocol,
      hostAddress: port.hostAddress ?? null,
      hostPorts: port.hostPorts ?? null,
    })),
    exposedPorts: [...new Map(exposedPorts.map((port) => [portKey(port), port])).values()],
    publishAllPorts: request.publishAllPorts,
  };
}

/** On the default bridge, as Docker has it. */
export const DEFAULT_ATTACHMENT: NetworkAttachment = {
  network: { id: DEFAULT_NETWORK_ID, name: 'bridge' },
  aliases: [],
  ipv4: null,
  ipv6: null,
  mac: null,
  interface: null,
  gatewayPriority: 0,
  links: [],
};

function attachments(
  request: ContainerRequest,
  { networks, find }: Surroundings,
): readonly NetworkAttachment[] {
  if (request.networks.length === 0) return [DEFAULT_ATTACHMENT];
  const asked = request.networks.map((one) => attachmentOf(one, networks, find));
  for (const [at, { network, interface: link }] of asked.entries()) {
    const before = asked.slice(0, at);
    if (before.some((other) => other.network.id === network.id)) {
      refused(`The network ${network.name} is asked for twice.`, 'networks');
    }
    if (link !== null && before.some((other) => other.interface === link)) {
      refused(`Two networks cannot share the interface name "${link}".`, 'networks');
    }
  }
  return asked;
}

/** What belongs to interfaces of its own, where there are none. */
function checkMode({ network, networks, ports, exposedPorts, publishAllPorts }: ContainerRequest): void {
  if (network === 'bridge') return;
  if (networks.length > 0) {
    refused(
      `A container with --network ${network} cannot be on other networks.`,
      'networks',
      'Leave out one or the other.',
    );
  }
  if (peerOf(network) === null) return;
  if (ports.length > 0 || publishAllPorts) {
    refused(
      `Ports cannot be published with --network ${network}.`,
      'ports',
      'Publish them on the container whose network is shared.',
    );
  }
  if (exposedPorts.length > 0) refused(`Ports cannot be exposed with --network ${network}.`, 'exposedPorts');
}

/** Settings that have no effect; the first in Docker's words. */
export function networkingWarnings({ network, ports, publishAllPorts }: ContainerSpec): readonly string[] {
  if (network === 'host' && (ports.length > 0 || publishAllPorts)) {
    return ['Published ports are discarded when using host network mode'];
  }
  return [];
}
