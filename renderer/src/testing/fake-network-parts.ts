import type {
  ContainerDetails,
  ContainerNetwork,
  NetworkSubnet,
  NetworkSummary,
} from '@longshore/engine/types';
import { ago, DAY, fakeId } from './fake-parts.ts';

export function subnetOf(subnet: string): NetworkSubnet {
  const parts = subnet.split('/')[0]?.split('.') ?? [];
  const gateway = parts.length === 4 ? `${parts.slice(0, 3).join('.')}.1` : null;
  return { subnet, gateway, range: null, reserved: {} };
}

export function fakeNetwork(name: string, part: Partial<NetworkSummary> = {}): NetworkSummary {
  return {
    id: fakeId(`network ${name}`),
    name,
    driver: 'bridge',
    builtIn: false,
    createdAt: ago(9 * DAY),
    ipv4: true,
    ipv6: false,
    internal: false,
    attachable: false,
    labels: {},
    options: {},
    subnets: [],
    usedBy: [],
    ...part,
  };
}

export function believableNetworks(): NetworkSummary[] {
  return [
    ...builtInNetworks(),
    fakeNetwork('shop', {
      subnets: [subnetOf('172.31.0.0/16')],
      labels: { 'com.docker.compose.project': 'shop' },
    }),
    fakeNetwork('shop-data', {
      internal: true,
      subnets: [subnetOf('172.32.0.0/24')],
      options: { 'com.docker.network.driver.mtu': '1400' },
    }),
    fakeNetwork('lab', {
      ipv6: true,
      subnets: [subnetOf('192.168.210.0/24'), { ...subnetOf('fd00:210::/64'), gateway: 'fd00:210::1' }],
    }),
  ];
}

export function builtInNetworks(): NetworkSummary[] {
  return [
    fakeNetwork('bridge', { builtIn: true, subnets: [subnetOf('172.30.0.0/16')], createdAt: null }),
    fakeNetwork('host', { builtIn: true, driver: 'host', createdAt: null }),
    fakeNetwork('none', { builtIn: true, driver: 'null', createdAt: null }),
  ];
}

/** What a container has on a network that it is put on: an address of its own that depends on its name alone. */
export function attachedTo(
  network: Pick<NetworkSummary, 'id' | 'name' | 'subnets' | 'builtIn'>,
  container: Pick<ContainerDetails, 'id' | 'name'>,
  aliases: readonly string[] = [],
  ipv4?: string,
): ContainerNetwork {
  const host = (Number.parseInt(container.id.slice(0, 2), 16) % 250) + 2;
  const v4 = network.subnets.find(({ subnet }) => subnet.includes('.'));
  const v6 = network.subnets.find(({ subnet }) => subnet.includes(':'));
  const base = v4?.subnet.split('.').slice(0, 3).join('.') ?? '';
  return {
    id: network.id,
    name: network.name,
    interface: 'eth0',
    ipv4:
      v4 === undefined
        ? null
        : {
            address: ipv4 ?? `${base}.${host}`,
            prefixLength: Number(v4.subnet.split('/')[1]),
            gateway: v4.gateway,
          },
    ipv6:
      v6 === undefined
        ? null
        : { address: `fd00:210::${host.toString(16)}`, prefixLength: 64, gateway: v6.gateway },
    mac: `02:42:ac:1e:00:${host.toString(16).padStart(2, '0')}`,
    aliases,
    dnsNames: network.builtIn ? [] : [container.name, container.id.slice(0, 12), ...aliases],
  };
}
