import { type Command, InvalidArgumentError } from 'commander';
import type { ContainerRequestInput } from '../../../contract/index.ts';
import { omitUndefined, splitPair } from './defined.ts';
import { parseExpose, parsePublish } from './ports.ts';
import { mode } from './security-options.ts';
import { collect } from './values.ts';

type Attachment = NonNullable<ContainerRequestInput['networks']>[number];
type AttachmentSettings = Omit<Attachment, 'network'>;
type Request = Pick<
  ContainerRequestInput,
  'network' | 'networks' | 'ports' | 'exposedPorts' | 'publishAllPorts' | 'extraHosts'
> &
  Pick<ContainerRequestInput, 'dns' | 'dnsSearch' | 'dnsOptions'>;

/** Where a container is, and who reaches it. */
export interface NetworkOptions {
  readonly network?: readonly string[];
  readonly networkAlias?: readonly string[];
  readonly ip?: string;
  readonly ip6?: string;
  readonly macAddress?: string;
  readonly link?: readonly string[];
  readonly publish?: NonNullable<ContainerRequestInput['ports']>;
  readonly publishAll?: boolean;
  readonly expose?: NonNullable<ContainerRequestInput['exposedPorts']>;
  readonly addHost?: readonly string[];
  readonly dns?: readonly string[];
  readonly dnsSearch?: readonly string[];
  readonly dnsOption?: readonly string[];
}

export function addNetworkOptions(command: Command): Command {
  return command
    .option(
      '--net, --network <network>',
      'NAME, bridge, none, host, container:NAME, or name=NAME,alias=..,ip=..,gw-priority=.. (repeatable)',
      collect,
    )
    .option('--net-alias, --network-alias <name>', 'a further name on its network (repeatable)', collect)
    .option('--ip <address>', 'its IPv4 address on its network')
    .option('--ip6 <address>', 'its IPv6 address on its network')
    .option('--mac-address <mac>', 'its MAC address')
    .option(
      '--link <container[:name]>',
      'another container, by a name that this one alone knows (repeatable)',
      collect,
    )
    .option(
      '-p, --publish <ports>',
      'port of this machine that leads to it: 8080:80, 127.0.0.1:53:53/udp (repeatable)',
      parsePublish,
    )
    .option('-P, --publish-all', 'all its exposed ports, on ports that this machine chooses')
    .option('--expose <port>', 'a port that it listens on, such as 80 or 53/udp (repeatable)', parseExpose)
    .option(
      '--add-host <name:address>',
      'one more line of /etc/hosts; host-gateway is this machine (repeatable)',
      collect,
    )
    .option('--dns <address>', 'name server (repeatable)', collect)
    .option('--dns-search <domain>', 'domain to look names up in (repeatable)', collect)
    .option('--dns-opt, --dns-option <option>', 'option of resolv.conf (repeatable)', collect);
}

export function toNetworking(options: NetworkOptions): Request {
  return {
    ...toNetworks(options),
    ports: [...(options.publish ?? [])],
    publishAllPorts: options.publishAll ?? false,
    exposedPorts: [...(options.expose ?? [])],
    extraHosts: (options.addHost ?? []).map(toExtraHost),
    dns: [...(options.dns ?? [])],
    dnsSearch: [...(options.dnsSearch ?? [])],
    dnsOptions: [...(options.dnsOption ?? [])],
  };
}

/** The short flags are for the first network, as docker has it. */
function toNetworks(options: NetworkOptions): Pick<Request, 'network' | 'networks'> {
  const first = shortSettings(options);
  const asked = (options.network ?? []).filter((value) => value !== '').map(parseNetwork);
  const [only, ...others] = asked;
  if (only === undefined) {
    return Object.keys(first).length === 0 ? {} : { networks: [{ network: 'bridge', ...first }] };
  }
  const shared = asked.find(({ network }) => isMode(network))?.network;
  if (shared === undefined) return { networks: [merged(only, first), ...others] };
  const settings = [first, ...asked.map(({ network: _, ...rest }) => rest)];
  if (asked.length > 1 || settings.some((one) => Object.keys(one).length > 0)) {
    throw new InvalidArgumentError(
      `--network ${shared} stands alone: it has no addresses, names or other networks`,
    );
  }
  const network = mode(shared, ['none', 'host'], '--network');
  return network === undefined ? {} : { network };
}

function isMode(network: string): boolean {
  return network === 'none' || network === 'host' || network.startsWith('container:');
}

function shortSettings({ networkAlias, ip, ip6, macAddress, link }: NetworkOptions): AttachmentSettings {
  return omitUndefined({
    aliases: networkAlias === undefined ? undefined : [...networkAlias],
    ipv4: ip,
    ipv6: ip6,
    mac: macAddress,
    links: link?.map(parseLink),
  });
}

function merged(attachment: Attachment, short: AttachmentSettings): Attachment {
  const twice = Object.keys(short).find((field) => Object.hasOwn(attachment, field));
  if (twice === undefined) return { ...attachment, ...short };
  throw new InvalidArgumentError(
    `--network ${attachment.network} and a flag of its own both give its ${twice}`,
  );
}

/** `NAME`, or docker's long form: `name=NAME,alias=web,ip=172.30.0.9,driver-opt=KEY=VALUE`. */
export function parseNetwork(value: string): Attachment {
  if (!value.includes('=')) return { network: named(value) };
  const aliases: string[] = [];
  let attachment: Attachment = { network: '' };
  for (const [key, word] of value.split(',').map(splitPair)) {
    if (key === 'alias') aliases.push(word);
    else attachment = { ...attachment, ...longField(key, word) };
  }
  if (attachment.network === '')
    throw new InvalidArgumentError(`"${value}" names no network: write name=NAME`);
  return { ...attachment, ...(aliases.length > 0 && { aliases }) };
}

function longField(key: string, word: string): Partial<Attachment> {
  switch (key) {
    case 'name':
      return { network: named(word) };
    case 'ip':
      return { ipv4: word };
    case 'ip6':
      return { ipv6: word };
    case 'mac-address':
      return { mac: word };
    case 'gw-priority':
      return { gatewayPriority: parsePriority(word) };
    case 'driver-opt':
      return parseEndpointOption(word);
    default:
      throw new InvalidArgumentError(
        `a network has no field "${key}": name, alias, ip, ip6, mac-address, driver-opt, gw-priority`,
      );
  }
}

function named(network: string): string {
  return network === 'default' ? 'bridge' : network;
}

/** `CONTAINER` or `CONTAINER:NAME`. */
export function parseLink(value: string): { container: string; name?: string } {
  const [container = '', name] = value.split(':');
  return { container, ...(name !== undefined && { name }) };
}

const INTERFACE_NAME = 'com.docker.network.endpoint.ifname';

/** `--driver-opt` of a container's place on a network. */
export function parseEndpointOption(value: string): Pick<Attachment, 'interface'> {
  const [key, word] = splitPair(value);
  if (key === INTERFACE_NAME) return { interface: word };
  throw new InvalidArgumentError(
    `there is no option "${key}" of a container on a network: ${INTERFACE_NAME}`,
  );
}

export function parsePriority(value: string): number {
  const priority = Number(value);
  if (Number.isSafeInteger(priority)) return priority;
  throw new InvalidArgumentError(`"${value}" is no priority: give a whole number`);
}

/** Docker takes `name=address` as well, and brackets around IPv6. */
function toExtraHost(value: string): string {
  const [, name = '', address = ''] = /^([^=:]+)[=:](.+)$/.exec(value) ?? [];
  return name === '' ? value : `${name}:${address.replace(/^\[(.*)\]$/, '$1')}`;
}
