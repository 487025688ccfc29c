import type { AssignedAddress } from '../../runtime/index.ts';
import type { ContainerNetwork, InterfaceAddress } from '../../types/index.ts';
import { DEFAULT_NETWORK_ID } from '../../runtime/index.ts';
import type { Container } from '../container.ts';
import { dnsNames } from './endpoints.ts';

/** The networks of a container, those that it will be on at its next start while it does not run. */
export function networksOf({ record, addresses }: Container): readonly ContainerNetwork[] {
  return record.spec.networks.map(({ network, aliases }) => {
    const assigned = addresses.find((address) => address.network === network.id);
    return {
      ...network,
      ...placeOf(assigned),
      aliases,
      dnsNames: network.id === DEFAULT_NETWORK_ID ? [] : dnsNames(record, aliases),
    };
  });
}

/** All null without an address. */
export function placeOf(
  assigned: AssignedAddress | undefined,
): Pick<ContainerNetwork, 'interface' | 'ipv4' | 'ipv6' | 'mac'> {
  if (assigned === undefined) return { interface: null, ipv4: null, ipv6: null, mac: null };
  return {
    interface: assigned.interface,
    ipv4: interfaceAddress(assigned.address, assigned.gateway),
    ipv6: interfaceAddress(assigned.ipv6Address, assigned.ipv6Gateway),
    mac: assigned.mac,
  };
}

/** The addresses of both families, bare. */
export function placesOf({
  network,
  address,
  ipv6Address,
}: AssignedAddress): readonly { readonly network: string; readonly address: string }[] {
  return [address, ipv6Address]
    .filter((one) => one !== '')
    .map((one) => ({ network, address: one.replace(/\/\d+$/, '') }));
}

function interfaceAddress(withPrefix: string, gateway: string): InterfaceAddress | null {
  if (withPrefix === '') return null;
  const [address = '', prefixLength = ''] = withPrefix.split('/');
  return { address, prefixLength: Number(prefixLength), gateway: gateway === '' ? null : gateway };
}
