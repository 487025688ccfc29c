import type { ContainerNetwork, NetworkDriver, NetworkMember, NetworkSummary } from '@longshore/engine/types';

export const NETWORK_FILTERS = ['all', 'used', 'unused'] as const;
export type NetworkFilter = (typeof NETWORK_FILTERS)[number];

export interface NetworksView {
  readonly shown: readonly NetworkSummary[];
  readonly counts: Readonly<Record<NetworkFilter, number>>;
}

export function networksView(
  networks: readonly NetworkSummary[],
  filter: NetworkFilter,
  search: string,
): NetworksView {
  const used = networks.filter(isUsed).length;
  return {
    shown: networks
      .filter((network) => filter === 'all' || isUsed(network) === (filter === 'used'))
      .filter((network) => matchesSearch(network, search))
      .sort(ownFirst),
    counts: { all: networks.length, used, unused: networks.length - used },
  };
}

export function isUsed(network: NetworkSummary): boolean {
  return network.usedBy.length > 0;
}

/** Those that a prune takes away. */
export function isPrunable(network: NetworkSummary): boolean {
  return !network.builtIn && !isUsed(network);
}

function matchesSearch(network: NetworkSummary, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const haystack = [
    network.name,
    network.id,
    network.driver,
    ...network.subnets.map(({ subnet }) => subnet),
    ...network.usedBy,
    ...Object.entries(network.labels).map(([name, value]) => `${name}=${value}`),
  ]
    .join('\n')
    .toLowerCase();
  return words.every((word) => haystack.includes(word));
}

/** A person's own by name, then the built-in ones. */
function ownFirst(a: NetworkSummary, b: NetworkSummary): number {
  return Number(a.builtIn) - Number(b.builtIn) || a.name.localeCompare(b.name);
}

export function networkPath({ id }: { readonly id: string }, tab = 'overview'): string {
  return `/networks/${id}/${tab}`;
}

/** Docker calls the driver of the network without anything `null`. */
export function driverName(driver: NetworkDriver): string {
  return driver === 'null' ? 'none' : driver;
}

/** Of both families, without prefix lengths; none while it does not run. */
export function addressesOf({
  ipv4,
  ipv6,
}: Pick<ContainerNetwork | NetworkMember, 'ipv4' | 'ipv6'>): readonly string[] {
  return [ipv4, ipv6].flatMap((place) => place?.address ?? []);
}
