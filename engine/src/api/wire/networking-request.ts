import type { ContainerRequestInput } from '../../contract/index.ts';
import { DockerError } from '../server/failure.ts';
import type { CreateBody, EndpointSettings, HostConfig } from './container-settings.ts';
import { given } from './json.ts';

type AttachmentInput = NonNullable<ContainerRequestInput['networks']>[number];
type PublicationInput = NonNullable<ContainerRequestInput['ports']>[number];
type ExposedInput = NonNullable<ContainerRequestInput['exposedPorts']>[number];
type Protocol = NonNullable<ExposedInput['protocol']>;

/** Since this version a container may be made on several networks. */
const SEVERAL_NETWORKS_SINCE = 44;

type Networking = Pick<
  ContainerRequestInput,
  | 'network'
  | 'networks'
  | 'ports'
  | 'exposedPorts'
  | 'publishAllPorts'
  | 'extraHosts'
  | 'dns'
  | 'dnsSearch'
  | 'dnsOptions'
>;

export function networkingRequest(body: CreateBody, host: HostConfig, version: number): Networking {
  const mode = given(host.NetworkMode) ?? 'default';
  const own = mode === 'host' || mode === 'none' || mode.startsWith('container:');
  return {
    network: own ? (mode as 'host') : 'bridge',
    networks: own ? [] : attachments(body, host, mode, version),
    ports: Object.entries(host.PortBindings ?? {}).flatMap(([port, bindings]) =>
      (bindings ?? []).map((binding) => publication(port, binding)),
    ),
    exposedPorts: Object.keys(body.ExposedPorts ?? {}).flatMap(exposedPorts),
    publishAllPorts: host.PublishAllPorts ?? false,
    extraHosts: host.ExtraHosts ?? [],
    dns: host.Dns ?? [],
    dnsSearch: host.DnsSearch ?? [],
    dnsOptions: host.DnsOptions ?? [],
  };
}

/** The mode's network first; then the others that have settings. */
function attachments(body: CreateBody, host: HostConfig, mode: string, version: number): AttachmentInput[] {
  const endpoints = Object.entries(body.NetworkingConfig?.EndpointsConfig ?? {});
  if (endpoints.length > 1 && version < SEVERAL_NETWORKS_SINCE) {
    const names = endpoints.map(([name]) => name).join(', ');
    throw new DockerError(400, `Container cannot be connected to network endpoints: ${names}`);
  }
  const first = networkName(mode);
  const settings = new Map(endpoints.map(([name, endpoint]) => [networkName(name), endpoint]));
  const others = [...settings.keys()].filter((name) => name !== first);
  // Settings of other networks alone say where it is to be, whatever the mode's default.
  const isDefault = mode === 'default' && others.length > 0 && !settings.has(first);
  const names = isDefault ? others : [first, ...others];
  return names.map((name, index) => {
    const attachment = attachmentRequest(name, settings.get(name));
    if (index > 0) return attachment;
    const links = (host.Links ?? []).map(link);
    return {
      ...attachment,
      ...(body.MacAddress && { mac: body.MacAddress }),
      links: [...links, ...(attachment.links ?? [])],
    };
  });
}

function networkName(mode: string): string {
  return mode === 'default' ? 'bridge' : mode;
}

/** A place on one network, with the settings of Docker's `EndpointSettings`. */
export function attachmentRequest(network: string, endpoint: EndpointSettings): AttachmentInput {
  if (endpoint === undefined) return { network };
  const { IPAMConfig, Aliases, MacAddress, Links, GwPriority, DriverOpts = {} } = endpoint;
  if ((IPAMConfig?.LinkLocalIPs ?? []).length > 0) {
    throw new DockerError(400, 'link-local addresses cannot be chosen');
  }
  const { 'com.docker.network.endpoint.ifname': interfaceName, ...others } = DriverOpts;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new DockerError(400, `unknown driver option of an endpoint: ${unknown}`);
  return {
    network,
    aliases: Aliases ?? [],
    ...(IPAMConfig?.IPv4Address && { ipv4: IPAMConfig.IPv4Address }),
    ...(IPAMConfig?.IPv6Address && { ipv6: IPAMConfig.IPv6Address }),
    ...(MacAddress && { mac: MacAddress }),
    ...(interfaceName && { interface: interfaceName }),
    links: (Links ?? []).map(link),
    gatewayPriority: GwPriority ?? 0,
  };
}

/** `container:alias`. */
function link(text: string): { readonly container: string; readonly name?: string } {
  const [container = '', name] = text.split(':');
  return { container: container.replace(/^\//, ''), ...(name && { name }) };
}

function publication(
  port: string,
  binding: { HostIp?: string | undefined; HostPort?: string | undefined },
): PublicationInput {
  const { first: containerPort, last, protocol } = parsePort(port);
  if (last !== containerPort) throw invalidPort(port);
  const range = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(given(binding.HostPort) ?? '0');
  if (range === null) throw invalidPort(binding.HostPort ?? '');
  const first = Number(range[1]);
  const hostPorts = first === 0 ? {} : { hostPorts: { first, last: Number(range[2] ?? first) } };
  // No address is all addresses, of both families.
  return { containerPort, protocol, ...(binding.HostIp && { hostAddress: binding.HostIp }), ...hostPorts };
}

function exposedPorts(port: string): readonly ExposedInput[] {
  const { first, last, protocol } = parsePort(port);
  return Array.from({ length: last - first + 1 }, (_, index) => ({ containerPort: first + index, protocol }));
}

const PROTOCOLS: readonly Protocol[] = ['tcp', 'udp', 'sctp'];

/** `80/tcp`, `80`, `8000-8010/udp`. */
function parsePort(port: string): {
  readonly first: number;
  readonly last: number;
  readonly protocol: Protocol;
} {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(\w+))?$/.exec(port);
  const protocol = PROTOCOLS.find((known) => known === (match?.[3] ?? 'tcp').toLowerCase());
  const first = Number(match?.[1] ?? 0);
  const last = Number(match?.[2] ?? first);
  if (match === null || protocol === undefined || last < first || last > 65_535) throw invalidPort(port);
  return { first, last, protocol };
}

function invalidPort(port: string): DockerError {
  return new DockerError(400, `invalid port specification: "${port.slice(0, 64)}"`);
}
