import type {
  ContainerDetails,
  ContainerNetwork,
  ContainerSummary,
  NetworkAttachment,
} from '../../types/index.ts';

/** Docker's ids of the two networks that are no networks; those of the engine where it has them. */
const WITHOUT_ENDPOINT = { host: 'host', none: 'none' } as const;

/** Removed from the top of NetworkSettings in this version. */
const TOP_LEVEL_UNTIL = 52;

const DNS_NAMES_SINCE = 44;
const GATEWAY_PRIORITY_SINCE = 48;

/** `NetworkSettings` of inspect. */
export function networkSettingsJson(details: ContainerDetails, version: number): object {
  const [first] = details.networks;
  const isOnBridge = first?.name === 'bridge';
  const networks = endpointsJson(details, version);
  const onBridge = isOnBridge ? first : undefined;
  return {
    Bridge: '',
    SandboxID: details.state.pid === null ? '' : details.id,
    SandboxKey: details.state.pid === null ? '' : `/proc/${details.state.pid}/ns/net`,
    Ports: portMap(details),
    ...(version < TOP_LEVEL_UNTIL && {
      HairpinMode: false,
      LinkLocalIPv6Address: '',
      LinkLocalIPv6PrefixLen: 0,
      SecondaryIPAddresses: null,
      SecondaryIPv6Addresses: null,
      EndpointID: onBridge === undefined ? '' : endpointId(details, onBridge),
      ...addressesJson(onBridge),
    }),
    Networks: networks,
  };
}

/** By name, as in lists and in inspect. */
export function endpointsJson(
  details: Pick<ContainerDetails, 'id' | 'name' | 'networks' | 'spec' | 'state'>,
  version: number,
): Readonly<Record<string, object>> {
  const { network, networks } = details.spec;
  if (network === 'host' || network === 'none') {
    const name = WITHOUT_ENDPOINT[network];
    return { [name]: endpointJson(details, undefined, undefined, version) };
  }
  return Object.fromEntries(
    details.networks.map((place) => {
      const attachment = networks.find((one) => one.network.id === place.id);
      return [place.name, endpointJson(details, place, attachment, version)];
    }),
  );
}

function endpointJson(
  details: Pick<ContainerSummary, 'id' | 'state'>,
  place: ContainerNetwork | undefined,
  attachment: NetworkAttachment | undefined,
  version: number,
): object {
  const { ipv4 = null, ipv6 = null } = attachment ?? {};
  const asked = { ...(ipv4 !== null && { IPv4Address: ipv4 }), ...(ipv6 !== null && { IPv6Address: ipv6 }) };
  const aliases = place?.aliases ?? [];
  const names = place?.dnsNames ?? [];
  return {
    IPAMConfig: Object.keys(asked).length === 0 ? null : asked,
    Links:
      attachment === undefined || attachment.links.length === 0
        ? null
        : attachment.links.map(({ containerId, name }) => `${containerId}:${name}`),
    Aliases: aliases.length === 0 ? null : aliases,
    DriverOpts: null,
    ...(version >= GATEWAY_PRIORITY_SINCE && { GwPriority: attachment?.gatewayPriority ?? 0 }),
    NetworkID: place?.id ?? '',
    EndpointID: place === undefined ? '' : endpointId(details, place),
    ...addressesJson(place),
    ...(version >= DNS_NAMES_SINCE && { DNSNames: names.length === 0 ? null : names }),
  };
}

/** The engine has no ids for places on networks: container and network together are one, while it is there. */
function endpointId({ id }: Pick<ContainerSummary, 'id'>, place: ContainerNetwork): string {
  return place.mac === null ? '' : `${id.slice(0, 32)}${place.id.slice(0, 32)}`;
}

function addressesJson(place: ContainerNetwork | undefined): object {
  return {
    Gateway: place?.ipv4?.gateway ?? '',
    IPAddress: place?.ipv4?.address ?? '',
    IPPrefixLen: place?.ipv4?.prefixLength ?? 0,
    IPv6Gateway: place?.ipv6?.gateway ?? '',
    GlobalIPv6Address: place?.ipv6?.address ?? '',
    GlobalIPv6PrefixLen: place?.ipv6?.prefixLength ?? 0,
    MacAddress: place?.mac ?? '',
  };
}

/** By the container's port; one that is only exposed has no bindings. */
function portMap({ exposedPorts, ports, state }: ContainerDetails): object {
  if (state.pid === null) return {};
  const map = new Map<string, object[] | null>();
  for (const { containerPort, protocol } of exposedPorts) map.set(`${containerPort}/${protocol}`, null);
  for (const { containerPort, protocol, hostAddress, hostPort } of ports) {
    const key = `${containerPort}/${protocol}`;
    map.set(key, [...(map.get(key) ?? []), { HostIp: hostAddress, HostPort: String(hostPort) }]);
  }
  return Object.fromEntries(map);
}

/** `Ports` of lists. */
export function portsJson({ exposedPorts, ports, state }: ContainerSummary): readonly object[] {
  if (state.pid === null) return [];
  const published = new Set(ports.map(({ containerPort, protocol }) => `${containerPort}/${protocol}`));
  return [
    ...exposedPorts
      .filter(({ containerPort, protocol }) => !published.has(`${containerPort}/${protocol}`))
      .map(({ containerPort, protocol }) => ({ PrivatePort: containerPort, Type: protocol })),
    ...ports.map(({ containerPort, protocol, hostAddress, hostPort }) => ({
      IP: hostAddress,
      PrivatePort: containerPort,
      PublicPort: hostPort,
      Type: protocol,
    })),
  ];
}
