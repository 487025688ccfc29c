import { describe, expect, it } from 'vitest';
import { fakeNetwork, subnetOf } from '../../testing/fake-network-parts.ts';
import {
  createNetworkArguments,
  EMPTY_NETWORK_FORM,
  type NetworkField,
  type NetworkForm,
  networkProblems,
  networkRequestOf,
} from './network-form.ts';

const NETWORKS = [
  fakeNetwork('shop', { subnets: [subnetOf('172.31.0.0/16')] }),
  fakeNetwork('lab', { subnets: [subnetOf('fd00:210::/64')] }),
];

const v4 = (part: Partial<NetworkForm['v4']>) => ({ v4: { ...EMPTY_NETWORK_FORM.v4, ...part } });
const v6 = (part: Partial<NetworkForm['v6']>) => ({ ipv6: true, v6: { ...EMPTY_NETWORK_FORM.v6, ...part } });
const problems = (part: Partial<NetworkForm>) =>
  networkProblems({ ...EMPTY_NETWORK_FORM, name: 'new', ...part }, NETWORKS);

describe('networkProblems', () => {
  it.each<[Partial<NetworkForm>, NetworkField, string]>([
    [{ name: '-x' }, 'name', 'networks.badName'],
    [{ name: 'SHOP' }, 'name', 'networks.takenName'],
    [v4({ subnet: '10.0.0.0' }), 'v4.subnet', 'networks.badSubnet4'],
    [v4({ subnet: 'fd00::/64' }), 'v4.subnet', 'networks.badSubnet4'],
    [v4({ subnet: '10.1.2.3/16' }), 'v4.subnet', 'networks.hostBits'],
    [v4({ subnet: '10.0.0.0/31' }), 'v4.subnet', 'networks.smallSubnet'],
    [v4({ subnet: '172.31.128.0/24' }), 'v4.subnet', 'networks.overlap'],
    [v4({ gateway: '10.0.0.1' }), 'v4.subnet', 'networks.subnetNeeded'],
    [v4({ subnet: '10.0.0.0/24', gateway: '10.0.0' }), 'v4.gateway', 'networks.badAddress'],
    [v4({ subnet: '10.0.0.0/24', gateway: '10.0.1.1' }), 'v4.gateway', 'networks.outside'],
    [v4({ subnet: '10.0.0.0/24', gateway: '10.0.0.0' }), 'v4.gateway', 'networks.notAHost'],
    [v4({ subnet: '10.0.0.0/24', gateway: '10.0.0.255' }), 'v4.gateway', 'networks.notAHost'],
    [v4({ subnet: '10.0.0.0/24', range: '10.0.1.0/28' }), 'v4.range', 'networks.outside'],
    [v4({ subnet: '10.0.0.0/24', range: '10.0.0.16' }), 'v4.range', 'networks.badRange'],
    [v6({ subnet: '10.0.0.0/24' }), 'v6.subnet', 'networks.badSubnet6'],
    [v6({ subnet: 'fd00:210::/80' }), 'v6.subnet', 'networks.overlap'],
    [{ driver: 'macvlan', parent: 'eth 0' }, 'parent', 'networks.badParent'],
    [{ mtu: '20' }, 'mtu', 'networks.badMtu'],
    [{ ipv6: true, mtu: '1000' }, 'mtu', 'networks.badMtu6'],
    [{ labels: [{ name: '', value: 'x' }] }, 'labels', 'run.badLabels'],
  ])('%o: %s is %s', (part, field, id) => {
    expect(Object.entries(problems(part)).map(([name, problem]) => [name, problem.id])).toEqual([
      [field, id],
    ]);
  });

  it('finds nothing wrong with what is left to the engine, nor with a whole form', () => {
    expect(problems({})).toEqual({});
    expect(
      problems({
        ...v4({ subnet: '10.9.0.0/24', gateway: '10.9.0.1', range: '10.9.0.128/25' }),
        ...v6({ subnet: 'fd00:9::/64' }),
        mtu: '1400',
      }),
    ).toEqual({});
  });
});

it('asks for what was said, and the command line says the same', () => {
  const request = networkRequestOf({
    ...EMPTY_NETWORK_FORM,
    name: ' edge ',
    ...v4({ subnet: '10.9.0.0/24', gateway: '10.9.0.1' }),
    internal: true,
    isolated: true,
    mtu: '1400',
    labels: [
      { name: 'team', value: 'shop' },
      { name: '', value: '' },
    ],
  });
  expect(request).toEqual({
    name: 'edge',
    subnets: [{ subnet: '10.9.0.0/24', gateway: '10.9.0.1' }],
    internal: true,
    options: { 'com.docker.network.bridge.enable_icc': 'false', 'com.docker.network.driver.mtu': '1400' },
    labels: { team: 'shop' },
  });
  expect(createNetworkArguments(request).join(' ')).toBe(
    'network create --subnet 10.9.0.0/24 --gateway 10.9.0.1 --internal' +
      ' --opt com.docker.network.bridge.enable_icc=false --opt com.docker.network.driver.mtu=1400' +
      ' --label team=shop edge',
  );
});
