import {
  formatSubnet,
  isInSubnet,
  isVersion6,
  overlaps,
  parseSubnet,
  subnetContains,
} from '../addresses/index.ts';
import type { NetworkRequest } from '../contract/index.ts';
import { EngineError } from '../errors/index.ts';
import type { NetworkSubnet } from '../types/index.ts';
import { refused } from './refused.ts';

type SubnetRequest = NetworkRequest['subnets'][number];

/** Names that `--network` gives another meaning. */
const RESERVED_NAMES = ['bridge', 'host', 'none', 'default', 'container'];

/** Room for a gateway and one member. */
const LONGEST_PREFIX = { 4: 30, 6: 126 } as const;

/** What contradicts itself, whatever else is on the machine. */
export function checkRequest({ name, subnets, ipv4, ipv6 }: NetworkRequest): void {
  if (RESERVED_NAMES.includes(name.toLowerCase())) {
    refused(`"${name}" has a meaning of its own: choose another name.`, 'name');
  }
  checkFamilies(subnets, ipv4, ipv6);
  for (const subnet of subnets) checkSubnet(subnet);
}

/** Every other network and its subnets: none may share an address with the new one. */
export function checkOverlap(
  asked: readonly SubnetRequest[],
  others: readonly { readonly name: string; readonly subnets: readonly NetworkSubnet[] }[],
): void {
  for (const { subnet } of asked) {
    for (const other of others) {
      const taken = other.subnets.find((one) => overlaps(one.subnet, subnet));
      if (taken === undefined) continue;
      throw new EngineError(
        'conflict',
        `subnets: ${subnet} overlaps with ${taken.subnet}, which the network ${other.name} has.`,
        { detail: { step: 'settings', path: 'subnets' }, hint: 'Choose another subnet, or leave it out.' },
      );
    }
  }
}

function checkFamilies(subnets: readonly SubnetRequest[], ipv4: boolean, ipv6: boolean | undefined): void {
  const [six, four] = [
    subnets.filter(({ subnet }) => isVersion6(subnet)),
    subnets.filter(({ subnet }) => !isVersion6(subnet)),
  ];
  if (four.length > 1 || six.length > 1) {
    refused('a network has at most one subnet of IPv4 and one of IPv6.', 'subnets');
  }
  if (!ipv4 && four.length > 0) refused('a network without IPv4 has no subnet of it.', 'subnets');
  if (ipv6 === false && six.length > 0) refused('a network without IPv6 has no subnet of it.', 'subnets');
  if (!ipv4 && ipv6 !== true && six.length === 0) refused('a network needs IPv4 or IPv6.', 'ipv4');
}

function checkSubnet({ subnet, gateway, range, reserved }: SubnetRequest): void {
  const parsed = parseSubnet(subnet);
  if (parsed.hasHostBits) refused(`${subnet} is no subnet: it is ${formatSubnet(parsed)}.`, 'subnets');
  if (parsed.prefixLength > LONGEST_PREFIX[parsed.version]) {
    refused(`${subnet} has no room for a gateway and a container.`, 'subnets');
  }
  if (gateway !== undefined && !isInSubnet(gateway, subnet)) {
    refused(`${gateway} is not in the subnet ${subnet}.`, 'gateway');
  }
  if (range !== undefined && !subnetContains(subnet, range)) {
    refused(`${range} is not in the subnet ${subnet}.`, 'range');
  }
  for (const [name, address] of Object.entries(reserved)) {
    if (!isInSubnet(address, subnet))
      refused(`${name}=${address} is not in the subnet ${subnet}.`, 'reserved');
    if (address === gateway) refused(`${name}=${address} is the gateway.`, 'reserved');
  }
}
