import { InvalidArgumentError } from 'commander';
import { isIP } from 'node:net';
import type { ContainerRequestInput } from '../../../contract/index.ts';
import { splitPair } from './defined.ts';

type Publication = NonNullable<ContainerRequestInput['ports']>[number];
type Exposed = NonNullable<ContainerRequestInput['exposedPorts']>[number];
type Protocol = NonNullable<Exposed['protocol']>;

interface Range {
  readonly first: number;
  readonly last: number;
}

const PROTOCOLS: readonly Protocol[] = ['tcp', 'udp', 'sctp'];
const WRITTEN =
  '80, 8080:80, 127.0.0.1:8080:80, [::1]:8080:80, 8000-8010:80, each with /udp or /sctp behind it';

/**
 * `-p [ADDRESS:][PORT[-PORT]:]PORT[-PORT][/PROTOCOL]`. A range on both sides is a port each; a range of this machine for
 * one port of the container is any one of them. `published=8080,target=80,protocol=udp` says the same.
 */
export function parsePublish(value: string, before: readonly Publication[] = []): readonly Publication[] {
  const { address, hostPorts, containerPorts, protocol } = parts(
    value.includes('=') ? fromFields(value) : value,
  );
  const common = { protocol, ...(address !== undefined && { hostAddress: address }) };
  const width = widthOf(containerPorts);
  if (hostPorts !== undefined && width === 1) {
    return [...before, { ...common, containerPort: containerPorts.first, hostPorts }];
  }
  if (hostPorts !== undefined && widthOf(hostPorts) !== width) {
    throw new InvalidArgumentError(`the two ranges of "${value}" are not of one length`);
  }
  const each = Array.from({ length: width }, (_, at) => {
    const first = hostPorts === undefined ? undefined : hostPorts.first + at;
    const host = first === undefined ? {} : { hostPorts: { first, last: first } };
    return { ...common, containerPort: containerPorts.first + at, ...host };
  });
  return [...before, ...each];
}

/** `--expose PORT[-PORT][/PROTOCOL]`. */
export function parseExpose(value: string, before: readonly Exposed[] = []): readonly Exposed[] {
  const [range, protocol] = splitProtocol(value);
  const { first, last } = parseRange(range, value);
  const ports = Array.from({ length: last - first + 1 }, (_, at) => ({
    containerPort: first + at,
    protocol,
  }));
  return [...before, ...ports];
}

/** `80` or `80/udp`, as `port` takes it. */
export function parsePort(value: string): { readonly containerPort: number; readonly protocol: Protocol } {
  const [port, protocol] = splitProtocol(value);
  const { first, last } = parseRange(port, value);
  if (first !== last) throw new InvalidArgumentError('give one port such as 80 or 53/udp');
  return { containerPort: first, protocol };
}

interface Parts {
  readonly address: string | undefined;
  readonly hostPorts: Range | undefined;
  readonly containerPorts: Range;
  readonly protocol: Protocol;
}

function parts(value: string): Parts {
  const [ports, protocol] = splitProtocol(value);
  const match = /^(?:(?:\[([^\]]*)\]|([^:[\]]*)):)?(?:([\d-]*):)?([\d-]+)$/.exec(ports);
  if (match === null) throw new InvalidArgumentError(`"${value}" is no port to publish: write ${WRITTEN}`);
  const [, version6, other = '', middle, container = ''] = match;
  // With one colon, what is before it is a port.
  const isPort = version6 === undefined && middle === undefined;
  const host = isPort ? other : (middle ?? '');
  const address = isPort ? '' : (version6 ?? other);
  if (address !== '' && isIP(address) !== (version6 === undefined ? 4 : 6)) {
    throw new InvalidArgumentError(`"${address}" of "${value}" is no address`);
  }
  return {
    address: address === '' ? undefined : address,
    hostPorts: host === '' || host === '0' ? undefined : parseRange(host, value),
    containerPorts: parseRange(container, value),
    protocol,
  };
}

function fromFields(value: string): string {
  const fields = new Map(value.split(',').map(splitPair));
  const unknown = [...fields.keys()].find(
    (key) => !['published', 'target', 'protocol', 'mode'].includes(key),
  );
  if (unknown !== undefined) throw new InvalidArgumentError(`a published port has no field "${unknown}"`);
  const published = fields.get('published');
  const target = fields.get('target') ?? '';
  return `${published === undefined ? '' : `${published}:`}${target}/${fields.get('protocol') ?? 'tcp'}`;
}

function splitProtocol(value: string): readonly [string, Protocol] {
  const [ports = '', word = 'tcp', ...rest] = value.split('/');
  const protocol = PROTOCOLS.find((known) => known === word.toLowerCase());
  if (protocol !== undefined && rest.length === 0) return [ports, protocol];
  throw new InvalidArgumentError(`there is no protocol "${word}": it is ${PROTOCOLS.join(', ')}`);
}

function parseRange(range: string, value: string): Range {
  const [, from = '', to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(range) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (first >= 1 && last <= 65_535 && first <= last) return { first, last };
  throw new InvalidArgumentError(`"${range}" of "${value}" is no port: 1 to 65535`);
}

function widthOf({ first, last }: Range): number {
  return last - first + 1;
}
