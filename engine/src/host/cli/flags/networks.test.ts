import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { containerRequest } from '../../../contract/index.ts';
import { addContainerOptions, type ContainerOptions, toContainerRequest } from './container-options.ts';
import { toNetworkFilters } from './network-filters.ts';
import { toSubnets } from './network-pools.ts';
import { parseExpose, parsePort, parsePublish } from './ports.ts';

/** What the contract makes of a command line. */
function requested(...words: string[]) {
  const command = addContainerOptions(new Command('run').argument('<image>').exitOverride());
  command.configureOutput({ writeErr: () => undefined });
  const parsed = command.parse([...words, 'debian'], { from: 'user' });
  return containerRequest.parse(toContainerRequest('debian', [], parsed.opts<ContainerOptions>()));
}

const tcp = { protocol: 'tcp' };
const one = (port: number) => ({ first: port, last: port });

describe('-p', () => {
  it.each<[string, readonly object[]]>([
    ['80', [{ ...tcp, containerPort: 80 }]],
    ['8080:80', [{ ...tcp, containerPort: 80, hostPorts: one(8080) }]],
    ['8080:80/udp', [{ protocol: 'udp', containerPort: 80, hostPorts: one(8080) }]],
    ['8080:80/SCTP', [{ protocol: 'sctp', containerPort: 80, hostPorts: one(8080) }]],
    ['127.0.0.1:8080:80', [{ ...tcp, hostAddress: '127.0.0.1', containerPort: 80, hostPorts: one(8080) }]],
    ['127.0.0.1::80', [{ ...tcp, hostAddress: '127.0.0.1', containerPort: 80 }]],
    ['[::1]:8080:80', [{ ...tcp, hostAddress: '::1', containerPort: 80, hostPorts: one(8080) }]],
    ['[::]::80', [{ ...tcp, hostAddress: '::', containerPort: 80 }]],
    ['0:80', [{ ...tcp, containerPort: 80 }]],
    [':80', [{ ...tcp, containerPort: 80 }]],
    ['8000-8010:80', [{ ...tcp, containerPort: 80, hostPorts: { first: 8000, last: 8010 } }]],
    [
      '8000-8001:80-81',
      [
        { ...tcp, containerPort: 80, hostPorts: one(8000) },
        { ...tcp, containerPort: 81, hostPorts: one(8001) },
      ],
    ],
    [
      '80-81',
      [
        { ...tcp, containerPort: 80 },
        { ...tcp, containerPort: 81 },
      ],
    ],
    ['published=8080,target=80,protocol=udp', [{ protocol: 'udp', containerPort: 80, hostPorts: one(8080) }]],
    ['target=80', [{ ...tcp, containerPort: 80 }]],
  ])('%s', (value, expected) => {
    expect(parsePublish(value)).toEqual(expected);
    expect(requested('-p', value).ports).toEqual(expected);
  });

  it.each([
    '',
    'web',
    '80/quic',
    '80/tcp/udp',
    '0',
    '65536',
    '8080:65536',
    '81-80',
    '8000-8003:80-81',
    '8000:80-81',
    '10.0.0:8080:80',
    '::1:8080:80',
    '[10.0.0.1]:8080:80',
    '1:2:3:4',
    'target=80,colour=red',
    'published=8080',
  ])('%j is refused', (value) => expect(() => parsePublish(value)).toThrow());

  it('adds up', () => expect(requested('-p', '80', '-p', '81/udp').ports).toHaveLength(2));
});

describe('--expose and port', () => {
  it('takes ports and ranges', () => {
    expect(parseExpose('80')).toEqual([{ ...tcp, containerPort: 80 }]);
    expect(parseExpose('80-82/udp').map(({ containerPort }) => containerPort)).toEqual([80, 81, 82]);
    expect(parsePort('53/udp')).toEqual({ protocol: 'udp', containerPort: 53 });
  });

  it.each(['', 'x', '80-', '8080:80'])('%j is none', (value) => expect(() => parseExpose(value)).toThrow());
  it('is one port for port', () => expect(() => parsePort('80-81')).toThrow());
});

describe('--network', () => {
  it.each([
    [[], { network: 'bridge', networks: [] }],
    [['--network', ''], { network: 'bridge', networks: [] }],
    [['--net', 'host'], { network: 'host', networks: [] }],
    [['--network', 'none'], { network: 'none', networks: [] }],
    [['--network', 'container:web'], { network: 'container:web', networks: [] }],
    [['--network', 'bridge'], { network: 'bridge', networks: [{ network: 'bridge' }] }],
    [['--network', 'default'], { network: 'bridge', networks: [{ network: 'bridge' }] }],
    [['--network', 'a', '--network', 'b'], { networks: [{ network: 'a' }, { network: 'b' }] }],
    [
      [
        '--network',
        'name=a,alias=x,alias=y,ip=10.9.0.5,ip6=fd00::5,mac-address=02:42:00:00:00:01,gw-priority=-3',
      ],
      {
        networks: [
          {
            network: 'a',
            aliases: ['x', 'y'],
            ipv4: '10.9.0.5',
            ipv6: 'fd00::5',
            mac: '02:42:00:00:00:01',
            gatewayPriority: -3,
          },
        ],
      },
    ],
    [
      ['--network', 'name=a,driver-opt=com.docker.network.endpoint.ifname=sea0'],
      { networks: [{ network: 'a', interface: 'sea0' }] },
    ],
    [
      ['--network', 'a', '--network', 'b', '--ip', '10.9.0.5', '--network-alias', 'x', '--link', 'db:store'],
      {
        networks: [
          {
            network: 'a',
            ipv4: '10.9.0.5',
            aliases: ['x'],
            links: [{ container: 'db', name: 'store' }],
          },
          { network: 'b' },
        ],
      },
    ],
    [['--mac-address', '02:42:00:00:00:01'], { networks: [{ network: 'bridge', mac: '02:42:00:00:00:01' }] }],
    [['-P', '--expose', '80'], { publishAllPorts: true, exposedPorts: [{ ...tcp, containerPort: 80 }] }],
    [['--add-host', 'gate:host-gateway'], { extraHosts: ['gate:host-gateway'] }],
    [['--add-host', 'six=[fd00::1]'], { extraHosts: ['six:fd00::1'] }],
  ])('%j', (words, expected) => expect(requested(...words)).toMatchObject(expected));

  it.each([
    ['--network', 'alias=x'],
    ['--network', 'name=a,colour=red'],
    ['--network', 'name=a,driver-opt=colour=red'],
    ['--network', 'name=a,gw-priority=high'],
    ['--network', 'name=a,ip=10.9.0.5', '--ip', '10.9.0.6'],
    ['--network', 'host', '--ip', '10.9.0.5'],
    ['--network', 'host', '--network', 'a'],
    ['--network', 'none', '--network-alias', 'x'],
    ['--network', 'a', '--ip', 'web'],
    ['--network', 'a', '--ip6', '10.9.0.5'],
    ['--network', 'a', '--network-alias', 'a b'],
  ])('%s %s %s %s is refused', (...words) => expect(() => requested(...words)).toThrow());
});

describe('the subnets of a new network', () => {
  it('have the gateways, ranges and reserved addresses that lie in them', () => {
    expect(
      toSubnets({
        subnet: ['10.9.0.0/24', 'fd00:9::/64'],
        gateway: ['fd00:9::1', '10.9.0.1'],
        ipRange: ['10.9.0.128/25'],
        auxAddress: ['printer=10.9.0.5', 'door=10.9.0.6'],
      }),
    ).toEqual([
      {
        subnet: '10.9.0.0/24',
        gateway: '10.9.0.1',
        range: '10.9.0.128/25',
        reserved: { printer: '10.9.0.5', door: '10.9.0.6' },
      },
      { subnet: 'fd00:9::/64', gateway: 'fd00:9::1' },
    ]);
  });

  it('need one for each of these', () => {
    expect(() => toSubnets({ gateway: ['10.9.0.1'] })).toThrow('--gateway 10.9.0.1');
    expect(() => toSubnets({ subnet: ['10.9.0.0/24'], gateway: ['10.9.0.1', '10.9.0.2'] })).toThrow('twice');
    expect(() => toSubnets({ subnet: ['10.9.0.0/24', 'fd00::/64'], ipRange: ['10.10.0.0/25'] })).toThrow(
      '--ip-range',
    );
  });
});

describe('filters of networks', () => {
  it('are read by their kinds', () => {
    expect(toNetworkFilters(['driver=bridge', 'driver=macvlan', 'type=custom', 'dangling=true'])).toEqual({
      driver: ['bridge', 'macvlan'],
      type: ['custom'],
      dangling: true,
    });
  });

  it.each(['colour=red', 'type=mine', 'dangling=perhaps', 'driver'])('%s is none', (value) => {
    expect(() => toNetworkFilters([value])).toThrow();
  });
});
