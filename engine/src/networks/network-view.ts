import type { NetworkDetails, NetworkMember, NetworkSummary } from '../types/index.ts';
import type { Network } from './built-in.ts';
import type { NetworkUser } from './network-use.ts';

export function summaryOf({ link: _, ...network }: Network, users: readonly NetworkUser[]): NetworkSummary {
  return { ...network, usedBy: users.map(({ containerName }) => containerName) };
}

export function detailsOf(network: Network, users: readonly NetworkUser[]): NetworkDetails {
  return {
    ...summaryOf(network, users),
    members: users.map(memberOf),
    link: network.link === '' ? null : network.link,
  };
}

function memberOf({ active: _, ...member }: NetworkUser): NetworkMember {
  return member;
}
