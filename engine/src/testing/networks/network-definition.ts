import type { EndpointRequest, NetworkDefinition } from '../../runtime/index.ts';

export function definition(id: string, more: Partial<NetworkDefinition> = {}): NetworkDefinition {
  return {
    id,
    name: `net-${id.slice(0, 6)}`,
    driver: 'bridge',
    pools: [],
    ipv4: true,
    ipv6: false,
    internal: false,
    isolated: false,
    masquerade: true,
    mtu: 0,
    link: '',
    parent: '',
    mode: '',
    hostAddress: '',
    ...more,
  };
}

export function endpoint(network: string, more: Partial<EndpointRequest> = {}): EndpointRequest {
  return {
    network,
    names: [],
    ipv4: '',
    ipv6: '',
    mac: '',
    interface: '',
    gatewayPriority: 0,
    links: [],
    ...more,
  };
}
