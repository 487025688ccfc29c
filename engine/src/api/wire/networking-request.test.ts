import { describe, expect, it } from 'vitest';
import { createBody } from './container-settings.ts';
import { networkingRequest } from './networking-request.ts';

function networkingOf(body: object, version = 51): ReturnType<typeof networkingRequest> {
  const parsed = createBody.parse({ Image: 'busybox', HostConfig: {}, ...body });
  if (parsed.HostConfig === undefined) throw new Error('there is no HostConfig');
  return networkingRequest(parsed, parsed.HostConfig, version);
}

const networksOf = (body: object, version?: number) => networkingOf(body, version).networks;
const portsOf = (bindings: object) => networkingOf({ HostConfig: { PortBindings: bindings } }).ports;
const endpoints = (settings: object) => ({ NetworkingConfig: { EndpointsConfig: settings } });

describe('where a container is to be', () => {
  it.each(['host', 'none', 'container:web'])('is %s as it is said', (mode) => {
    const asked = networkingOf({ HostConfig: { NetworkMode: mode } });
    expect([asked.network, asked.networks]).toEqual([mode, []]);
  });

  it.each([
    ['the default bridge', {}, ['bridge']],
    ['the network of its mode', { HostConfig: { NetworkMode: 'sea' } }, ['sea']],
    ['the network that has settings', endpoints({ sea: {} }), ['sea']],
    [
      'the mode’s network before all others',
      { HostConfig: { NetworkMode: 'sea' }, ...endpoints({ lake: {}, sea: {} }) },
      ['sea', 'lake'],
    ],
  ])('is on %s', (_, body, names) => {
    expect(networksOf(body)?.map(({ network }) => network)).toEqual(names);
  });

  it('is on several networks since 1.44 alone', () => {
    const body = endpoints({ sea: {}, lake: {} });
    expect(networksOf(body, 44)).toHaveLength(2);
    expect(() => networksOf(body, 43)).toThrow(
      'Container cannot be connected to network endpoints: sea, lake',
    );
  });

  it('has addresses, names and links on each', () => {
    const settings = {
      IPAMConfig: { IPv4Address: '10.1.0.9' },
      Aliases: ['db'],
      MacAddress: '02:42:ac:11:00:99',
      Links: ['web:www'],
      GwPriority: 3,
    };
    expect(networksOf(endpoints({ sea: settings }))).toEqual([
      {
        network: 'sea',
        aliases: ['db'],
        ipv4: '10.1.0.9',
        mac: '02:42:ac:11:00:99',
        links: [{ container: 'web', name: 'www' }],
        gatewayPriority: 3,
      },
    ]);
  });

  it('takes the one MAC address of older clients to its first network', () => {
    const body = { MacAddress: '02:42:ac:11:00:99', HostConfig: { NetworkMode: 'sea' } };
    expect(networksOf(body, 43)).toMatchObject([{ network: 'sea', mac: '02:42:ac:11:00:99' }]);
  });
});

describe('ports', () => {
  it.each([
    ['one of this machine', { '80/tcp': [{ HostPort: '8080' }] }, { hostPorts: { first: 8080, last: 8080 } }],
    ['any that is free', { '80/tcp': [{ HostPort: '' }] }, { containerPort: 80, protocol: 'tcp' }],
    ['one of a range', { '80': [{ HostPort: '8000-8010' }] }, { hostPorts: { first: 8000, last: 8010 } }],
    [
      'an address alone',
      { '53/udp': [{ HostIp: '127.0.0.1' }] },
      { protocol: 'udp', hostAddress: '127.0.0.1' },
    ],
  ])('lead from %s', (_, bindings, publication) => {
    expect(portsOf(bindings)).toMatchObject([publication]);
  });

  it.each(['http', '80-90', '80/quic', '70000/tcp'])('cannot be %s', (port) => {
    expect(() => portsOf({ [port]: [{ HostPort: '1' }] })).toThrow(`invalid port specification: "${port}"`);
  });

  it('are exposed in ranges', () => {
    const { exposedPorts } = networkingOf({ ExposedPorts: { '8000-8002/udp': {} } });
    expect(exposedPorts?.map(({ containerPort }) => containerPort)).toEqual([8000, 8001, 8002]);
  });
});
