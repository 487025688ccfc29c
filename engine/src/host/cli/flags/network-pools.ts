import { InvalidArgumentError } from 'commander';
import { isIP } from 'node:net';
import { isInSubnet } from '../../../addresses/index.ts';
import type { NetworkRequestInput } from '../../../contract/index.ts';
import { splitPair } from './defined.ts';

type Subnet = NonNullable<NetworkRequestInput['subnets']>[number];

export interface PoolOptions {
  readonly subnet?: readonly string[];
  readonly gateway?: readonly string[];
  readonly ipRange?: readonly string[];
  readonly auxAddress?: readonly string[];
}

/** docker's flags in one: each gateway, range and reserved address belongs to the subnet that it lies in. */
export function toSubnets(options: PoolOptions): Subnet[] {
  const subnets = options.subnet ?? [];
  const gateways = new Map<string, string>();
  const ranges = new Map<string, string>();
  const reserved = new Map<string, Record<string, string>>();
  for (const gateway of options.gateway ?? []) setOnce(gateways, subnets, gateway, '--gateway');
  for (const range of options.ipRange ?? []) setOnce(ranges, subnets, range, '--ip-range');
  for (const [name, address] of (options.auxAddress ?? []).map(splitPair)) {
    const subnet = subnetOf(subnets, address, '--aux-address');
    reserved.set(subnet, { ...reserved.get(subnet), [name]: address });
  }
  return subnets.map((subnet) => {
    const [gateway, range, others] = [gateways.get(subnet), ranges.get(subnet), reserved.get(subnet)];
    return {
      subnet,
      ...(gateway !== undefined && { gateway }),
      ...(range !== undefined && { range }),
      ...(others !== undefined && { reserved: others }),
    };
  });
}

function setOnce(into: Map<string, string>, subnets: readonly string[], value: string, flag: string): void {
  const subnet = subnetOf(subnets, value, flag);
  if (into.has(subnet)) throw new InvalidArgumentError(`${flag} is given twice for the subnet ${subnet}`);
  into.set(subnet, value);
}

/** With a single subnet there is no choice; whether the address fits is the engine's to say. */
function subnetOf(subnets: readonly string[], value: string, flag: string): string {
  const [only, ...others] = subnets;
  if (only !== undefined && others.length === 0) return only;
  const address = value.replace(/\/\d+$/, '');
  const found = isIP(address) === 0 ? undefined : subnets.find((subnet) => contains(subnet, address));
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`no --subnet has the ${flag} ${value}`);
}

function contains(subnet: string, address: string): boolean {
  const [first = '', prefix = ''] = subnet.split('/');
  return isIP(first) !== 0 && /^\d{1,3}$/.test(prefix) && isInSubnet(address, subnet);
}
