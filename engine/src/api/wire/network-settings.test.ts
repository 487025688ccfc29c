import { describe, expect, it } from 'vitest';
import { DEFAULT_NETWORK_ID } from '../../runtime/index.ts';
import { containerDetails, RUNNING, SEA } from '../../testing/api/container-details.ts';
import type { ContainerNetwork } from '../../types/index.ts';
import { endpointsJson, networkSettingsJson, portsJson } from './network-settings.ts';

const PLACE: ContainerNetwork = {
  id: DEFAULT_NETWORK_ID,
  name: 'bridge',
  interface: 'eth0',
  ipv4: { address: '10.88.0.2', prefixLength: 16, gateway: '10.88.0.1' },
  ipv6: null,
  mac: '02:42:0a:58:00:02',
  aliases: [],
  dnsNames: [],
};
const ADDRESSES = {
  IPAddress: '10.88.0.2',
  IPPrefixLen: 16,
  Gateway: '10.88.0.1',
  MacAddress: '02:42:0a:58:00:02',
  GlobalIPv6Address: '',
};
const AT_SEA: ContainerNetwork = { ...PLACE, ...SEA, aliases: ['tide'], dnsNames: ['web', 'tide'] };

const running = (networks: readonly ContainerNetwork[], asked = {}) =>
  containerDetails(asked, { state: RUNNING, networks });

describe('the network settings of inspect', () => {
  it('on the default network have its addresses at the top as well, for old clients', () => {
    const settings = networkSettingsJson(running([PLACE]), 51);
    expect(settings).toMatchObject({ ...ADDRESSES, Networks: { bridge: ADDRESSES } });
    expect(networkSettingsJson(running([PLACE]), 52)).not.toHaveProperty('IPAddress');
  });

  it('on another network have none at the top', () => {
    expect(networkSettingsJson(running([AT_SEA]), 51)).toMatchObject({
      IPAddress: '',
      EndpointID: '',
      Networks: { sea: { ...ADDRESSES, Aliases: ['tide'], DNSNames: ['web', 'tide'] } },
    });
  });

  it('have what was asked of an endpoint', () => {
    const asked = { networks: [{ network: 'sea', ipv4: '10.9.0.9', gatewayPriority: 7 }] };
    expect(endpointsJson(running([AT_SEA], asked), 51)).toMatchObject({
      sea: { IPAMConfig: { IPv4Address: '10.9.0.9' }, GwPriority: 7, NetworkID: SEA.id },
    });
  });

  it('have an id of the endpoint while it is there', () => {
    const absent = { ...AT_SEA, ipv4: null, mac: null };
    expect(endpointsJson(running([AT_SEA]), 51)['sea']).toMatchObject({
      EndpointID: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(endpointsJson(running([absent]), 51)['sea']).toMatchObject({ EndpointID: '', IPAddress: '' });
  });

  it.each(['host', 'none'] as const)('have the network %s by its name alone', (network) => {
    expect(endpointsJson(running([], { network }), 51)).toMatchObject({
      [network]: { NetworkID: '', IPAddress: '', Aliases: null },
    });
  });
});

describe('ports', () => {
  const asked = { exposedPorts: [{ containerPort: 80, protocol: 'tcp' as const }] };
  const published = [
    { containerPort: 443, protocol: 'tcp' as const, hostAddress: '0.0.0.0', hostPort: 8443 },
    { containerPort: 443, protocol: 'tcp' as const, hostAddress: '::', hostPort: 8443 },
  ];
  const web = { ...running([PLACE], asked), ports: published };

  it('of inspect have bindings where they are published', () => {
    expect(networkSettingsJson(web, 51)).toMatchObject({
      Ports: {
        '80/tcp': null,
        '443/tcp': [
          { HostIp: '0.0.0.0', HostPort: '8443' },
          { HostIp: '::', HostPort: '8443' },
        ],
      },
    });
  });

  it('of lists have a line for each', () => {
    expect(portsJson(web)).toEqual([
      { PrivatePort: 80, Type: 'tcp' },
      { IP: '0.0.0.0', PrivatePort: 443, PublicPort: 8443, Type: 'tcp' },
      { IP: '::', PrivatePort: 443, PublicPort: 8443, Type: 'tcp' },
    ]);
  });

  it('are none of a container that does not run', () => {
    const stopped = containerDetails(asked);
    expect(portsJson(stopped)).toEqual([]);
    expect(networkSettingsJson(stopped, 51)).toMatchObject({ Ports: {}, SandboxID: '', SandboxKey: '' });
  });
});
