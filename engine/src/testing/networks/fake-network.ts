import { firstAddress } from '../../addresses/index.ts';
import type {
  AddressPool,
  AssignedAddress,
  EndpointRequest,
  HostNetwork,
  NetworkDefinition,
} from '../../runtime/index.ts';
import { leaseAddress, macOf, poolOf, withPrefix } from './fake-addresses.ts';

interface FakeMember {
  readonly address: AssignedAddress;
  readonly request: EndpointRequest;
}

/** One network of the host in memory: what was chosen for it, and who is on it. */
export class FakeNetwork {
  readonly asked: NetworkDefinition;
  readonly definition: NetworkDefinition;
  readonly members = new Map<string, FakeMember>();

  /** `number` tells the subnets and links that are chosen apart. */
  constructor(asked: NetworkDefinition, number: number) {
    this.asked = asked;
    this.definition = {
      ...asked,
      pools: chosenPools(asked, number),
      link: asked.link === '' ? `ls-${number.toString(16).padStart(8, '0')}` : asked.link,
    };
  }

  admit(containerId: string, request: EndpointRequest, position: number): AssignedAddress {
    const { pools, internal } = this.definition;
    const [v4, v6] = [poolOf(pools, 4), poolOf(pools, 6)];
    const ipv4 = v4 && leaseAddress(v4, request.ipv4, this.taken());
    const ipv6 = v6 && leaseAddress(v6, request.ipv6, this.taken());
    const address: AssignedAddress = {
      network: this.definition.id,
      interface: request.interface === '' ? `eth${position}` : request.interface,
      address: v4 && ipv4 !== undefined ? withPrefix(ipv4, v4) : '',
      gateway: internal ? '' : (v4?.gateway ?? ''),
      mac: request.mac === '' ? macOf(ipv4 ?? ipv6 ?? '0.0.0.0') : request.mac,
      ipv6Address: v6 && ipv6 !== undefined ? withPrefix(ipv6, v6) : '',
      ipv6Gateway: internal ? '' : (v6?.gateway ?? ''),
    };
    this.members.set(containerId, { address, request });
    return address;
  }

  rename(containerId: string, names: readonly string[]): void {
    const member = this.members.get(containerId);
    if (member !== undefined) {
      this.members.set(containerId, { ...member, request: { ...member.request, names } });
    }
  }

  /** Of those that have the name. */
  addressesOf(name: string): readonly string[] {
    return [...this.members.values()]
      .filter(({ request }) => request.names.includes(name))
      .map(({ address }) => bare(address.address));
  }

  asHost(): HostNetwork {
    const members = [...this.members].map(([containerId, { address }]) => ({ containerId, address }));
    return { definition: this.definition, members };
  }

  private taken(): ReadonlySet<string> {
    return new Set(
      [...this.members.values()].flatMap(({ address }) => [bare(address.address), bare(address.ipv6Address)]),
    );
  }
}

export function bare(address: string): string {
  return address.replace(/\/\d+$/, '');
}

function chosenPools({ pools, ipv4, ipv6 }: NetworkDefinition, number: number): readonly AddressPool[] {
  const chosen = [
    ...(ipv4 && poolOf(pools, 4) === undefined ? [`172.31.${number}.0/24`] : []),
    ...(ipv6 && poolOf(pools, 6) === undefined ? [`fd00:0:0:${number.toString(16)}::/64`] : []),
  ].map((subnet) => ({ subnet, gateway: '', range: '', reserved: [] }));
  return [...pools, ...chosen].map((pool) => ({
    ...pool,
    gateway: pool.gateway === '' ? firstAddress(pool.subnet) : pool.gateway,
  }));
}
