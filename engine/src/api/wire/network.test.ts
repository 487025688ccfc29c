import { describe, expect, it } from 'vitest';
import type { DockerError } from '../server/failure.ts';
import type { NetworkDetails } from '../../types/index.ts';
import { createNetworkBody, networkJson, networkRequest } from './network.ts';

const requestOf = (body: object) => networkRequest(createNetworkBody.parse({ Name: 'sea', ...body }));

const REQUESTS: readonly (readonly [name: string, body: object, request: object])[] = [
  ['nothing but a name', {}, { name: 'sea', driver: 'bridge', subnets: [], ipv4: true, internal: false }],
  ['an empty driver', { Driver: '' }, { driver: 'bridge' }],
  ['a driver and its options', { Driver: 'macvlan', Options: { parent: 'eth0' } }, { driver: 'macvlan' }],
  ['IPv6 alone', { EnableIPv4: false, EnableIPv6: true }, { ipv4: false, ipv6: true }],
  ['no way out', { Internal: true, Attachable: true }, { internal: true, attachable: true }],
  [
    'a subnet with a gateway and a range',
    { IPAM: { Config: [{ Subnet: '10.9.0.0/16', Gateway: '10.9.0.1', IPRange: '10.9.1.0/24' }] } },
    { subnets: [{ subnet: '10.9.0.0/16', gateway: '10.9.0.1', range: '10.9.1.0/24', reserved: {} }] },
  ],
  [
    'reserved addresses, in the words of old clients',
    { IPAM: { Config: [{ Subnet: '10.9.0.0/16', AuxAddress: { quay: '10.9.0.9' } }] } },
    { subnets: [{ subnet: '10.9.0.0/16', reserved: { quay: '10.9.0.9' } }] },
  ],
  ['a family without a subnet', { IPAM: { Config: [{ Subnet: '' }] } }, { subnets: [] }],
];

const REFUSALS: readonly (readonly [name: string, body: object, status: number, message: string])[] = [
  ['an unknown driver', { Driver: 'overlay' }, 404, 'could not find plugin overlay'],
  ['an unknown IPAM driver', { IPAM: { Driver: 'dhcp' } }, 400, 'could not find plugin dhcp'],
  ['IPAM options', { IPAM: { Options: { a: 'b' } } }, 400, 'options of the IPAM driver'],
  ['settings without a network', { ConfigOnly: true }, 400, 'config-only'],
  ['settings of another network', { ConfigFrom: { Network: 'lake' } }, 400, 'config-only'],
  ['the ingress of a swarm', { Ingress: true }, 400, 'This node is not a swarm manager'],
  ['the scope of a swarm', { Scope: 'swarm' }, 400, 'networks of the scope swarm'],
  ['a subnet without a prefix', { IPAM: { Config: [{ Subnet: '10.9.0.0' }] } }, 400, 'invalid CIDR address'],
];

describe('a network that is asked for by', () => {
  it.each(REQUESTS)('%s', (_, body, request) => {
    expect(requestOf(body)).toMatchObject(request);
  });

  it.each(REFUSALS)('%s is refused', (_, body, status, message) => {
    expect(() => requestOf(body)).toThrow(
      expect.objectContaining({ status, message: expect.stringContaining(message) as string }) as DockerError,
    );
  });
});

const NETWORK: NetworkDetails = {
  id: '5ea'.padEnd(64, '0'),
  name: 'sea',
  driver: 'bridge',
  builtIn: false,
  createdAt: '2026-01-01T00:00:00Z',
  ipv4: true,
  ipv6: false,
  internal: false,
  attachable: false,
  labels: { a: 'b' },
  options: {},
  subnets: [{ subnet: '10.9.0.0/16', gateway: '10.9.0.1', range: null, reserved: {} }],
  usedBy: ['web', 'db'],
  members: [],
  link: null,
};
const MEMBER = {
  containerId: 'c0ffee'.padEnd(64, '0'),
  containerName: 'web',
  running: true,
  interface: 'eth0',
  ipv4: { address: '10.9.0.2', prefixLength: 16, gateway: '10.9.0.1' },
  ipv6: null,
  mac: '02:42:0a:09:00:02',
  aliases: [],
};

describe('a network', () => {
  it('has its subnets, and IPv4 as a setting since 1.48', () => {
    expect(networkJson(NETWORK, 48)).toMatchObject({
      Name: 'sea',
      Id: NETWORK.id,
      Driver: 'bridge',
      EnableIPv4: true,
      EnableIPv6: false,
      IPAM: { Driver: 'default', Options: {}, Config: [{ Subnet: '10.9.0.0/16', Gateway: '10.9.0.1' }] },
      Labels: { a: 'b' },
      Containers: {},
    });
    expect(networkJson(NETWORK, 47)).not.toHaveProperty('EnableIPv4');
  });

  it('that has always been there has no time and no IPAM options', () => {
    expect(networkJson({ ...NETWORK, createdAt: null, subnets: [] }, 48)).toMatchObject({
      Created: '0001-01-01T00:00:00Z',
      IPAM: { Options: null, Config: [] },
    });
  });

  it('has the members that run, by their ids', () => {
    const members = [MEMBER, { ...MEMBER, containerId: 'dead', running: false }];
    expect(networkJson({ ...NETWORK, members }, 48)).toMatchObject({
      Containers: {
        [MEMBER.containerId]: {
          Name: 'web',
          MacAddress: '02:42:0a:09:00:02',
          IPv4Address: '10.9.0.2/16',
          IPv6Address: '',
        },
      },
    });
    expect(networkJson({ ...NETWORK, members }, 48)).not.toHaveProperty(['Containers', 'dead']);
  });
});
