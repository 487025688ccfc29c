import type { AttachmentRequest } from '../../contract/index.ts';
import { isInSubnet } from '../../addresses/index.ts';
import type { ContainerLink, NetworkAttachment } from '../../types/index.ts';
import type { KnownNetwork, NetworkSource } from '../../networks/index.ts';
import type { FindPeer } from '../spec/namespaces.ts';
import { refused } from '../spec/refused.ts';

/** What is asked of one network, with everything by its id; what the network cannot give is refused. */
export function attachmentOf(
  request: AttachmentRequest,
  networks: Pick<NetworkSource, 'find'>,
  find: FindPeer,
): NetworkAttachment {
  const network = networks.find(request.network);
  checkNetwork(network);
  if (!network.hasNames) checkWithoutNames(request, network);
  checkAddress(network, 'ipv4', request.ipv4);
  checkAddress(network, 'ipv6', request.ipv6);
  return {
    network: { id: network.id, name: network.name },
    aliases: [...new Set(request.aliases)],
    ipv4: request.ipv4 ?? null,
    ipv6: request.ipv6 ?? null,
    mac: checkedMac(request.mac),
    interface: request.interface ?? null,
    gatewayPriority: request.gatewayPriority,
    links: request.links.flatMap(({ container, name }) => linksTo(find(container), name)),
  };
}

function checkNetwork({ name, driver }: KnownNetwork): void {
  if (driver !== 'host' && driver !== 'null') return;
  refused(
    `A container cannot be connected to the network "${name}" beside others.`,
    'network',
    `Make the container with --network ${name}.`,
  );
}

/** Docker's rules for the default bridge. */
function checkWithoutNames({ aliases, ipv4, ipv6 }: AttachmentRequest, { name }: KnownNetwork): void {
  const hint = 'Make a network of your own with "longshore network create".';
  if (aliases.length > 0)
    refused(`The network "${name}" has no names: aliases need another.`, 'aliases', hint);
  if (ipv4 !== undefined) refused(`An address on the network "${name}" cannot be chosen.`, 'ipv4', hint);
  if (ipv6 !== undefined) refused(`An address on the network "${name}" cannot be chosen.`, 'ipv6', hint);
}

function checkAddress(network: KnownNetwork, field: 'ipv4' | 'ipv6', address: string | undefined): void {
  if (address === undefined) return;
  const isVersion6 = field === 'ipv6';
  const subnet = network.subnets.find(({ subnet }) => subnet.includes(':') === isVersion6);
  if (subnet === undefined) {
    refused(`The network ${network.name} has no subnet of ${isVersion6 ? 'IPv6' : 'IPv4'}.`, field);
  }
  if (!isInSubnet(address, subnet.subnet)) {
    refused(`The address ${address} is not in the subnet ${subnet.subnet} of ${network.name}.`, field);
  }
  const taken = [subnet.gateway, ...Object.values(subnet.reserved)];
  if (taken.includes(address)) {
    refused(`The address ${address} of ${network.name} is reserved: no container can have it.`, field);
  }
}

/** Of one interface, as the kernel writes it. */
function checkedMac(mac: string | undefined): string | null {
  if (mac === undefined) return null;
  const written = mac.toLowerCase().replaceAll('-', ':');
  const isMulticast = (Number.parseInt(written.slice(0, 2), 16) & 1) === 1;
  if (isMulticast || written === '00:00:00:00:00:00') {
    refused(`"${mac}" cannot be the MAC address of an interface.`, 'mac');
  }
  return written;
}

/** Docker's: the other container is known by the alias, and by its own name. */
function linksTo(
  peer: { readonly id: string; readonly name: string },
  alias: string | undefined,
): readonly ContainerLink[] {
  return [...new Set([alias ?? peer.name, peer.name])].map((name) => ({ name, containerId: peer.id }));
}
