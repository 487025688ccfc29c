import type { ContainerRequestInput } from '@longshore/engine/contract';
import type { ContainerSummary, PublishedPort } from '@longshore/engine/types';
import type { PortRow } from './run-rows.ts';

export type Publication = NonNullable<ContainerRequestInput['ports']>[number];
export type ExposedPort = NonNullable<ContainerRequestInput['exposedPorts']>[number];

interface Range {
  readonly first: number;
  readonly last: number;
}

const MOST = 65_535;

/** `80`, `8000-8009`; undefined when it is neither. */
function parseRange(text: string): Range | undefined {
  const said = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.trim());
  if (said === null) return undefined;
  const first = Number(said[1]);
  const last = said[2] === undefined ? first : Number(said[2]);
  return first >= 1 && first <= last && last <= MOST ? { first, last } : undefined;
}

/** `8080`, `127.0.0.1:8080`, `[::1]:8080`, and an address alone with a colon: any port of it. */
function parseHost(text: string): { readonly address: string; readonly port: string } {
  const said = /^(?:(\[[^\]]*\]|[^:]*):)?([^:]*)$/.exec(text.trim());
  return { address: (said?.[1] ?? '').replace(/^\[|\]$/g, ''), port: said === null ? '?' : (said[2] ?? '') };
}

/** What a row publishes: a range, port by port. Undefined when it cannot be read. */
export function publicationsOf({ host, container, protocol }: PortRow): readonly Publication[] | undefined {
  const inside = parseRange(container);
  const { address, port } = parseHost(host);
  const outside = port === '' ? null : parseRange(port);
  if (inside === undefined || outside === undefined) return undefined;
  const count = inside.last - inside.first + 1;
  // Of one port of the container any of several ports of the machine may be taken; of several, each has its own.
  if (count > 1 && outside !== null && outside.last - outside.first + 1 !== count) return undefined;
  return Array.from({ length: count }, (_, step): Publication => {
    const hostPorts =
      outside === null
        ? undefined
        : count === 1
          ? outside
          : { first: outside.first + step, last: outside.first + step };
    return {
      containerPort: inside.first + step,
      ...(protocol !== 'tcp' && { protocol }),
      ...(address !== '' && { hostAddress: address }),
      ...(hostPorts !== undefined && { hostPorts }),
    };
  });
}

export function isEmptyPort({ host, container }: PortRow): boolean {
  return host.trim() === '' && container.trim() === '';
}

/** `3000 53/udp`; undefined when a word is no port. */
export function exposedPortsOf(words: readonly string[]): readonly ExposedPort[] | undefined {
  const ports = words.map((word): ExposedPort | undefined => {
    const said = /^(\d{1,5})(?:\/(tcp|udp|sctp))?$/.exec(word);
    const containerPort = Number(said?.[1]);
    if (said === null || containerPort < 1 || containerPort > MOST) return undefined;
    const protocol = said[2] as 'tcp' | 'udp' | 'sctp' | undefined;
    return { containerPort, ...(protocol !== undefined && protocol !== 'tcp' && { protocol }) };
  });
  return ports.every((port) => port !== undefined) ? ports : undefined;
}

/** A port of the machine that another container has. */
export interface PortConflict {
  readonly port: number;
  readonly container: string;
  /** The next one that no container has. */
  readonly free: number | undefined;
}

/** Of a row that wants one port of the machine; undefined when nobody has it. */
export function conflictOf(row: PortRow, containers: readonly ContainerSummary[]): PortConflict | undefined {
  const wanted = publicationsOf(row)?.find(({ hostPorts }) => hostPorts?.first === hostPorts?.last);
  const port = wanted?.hostPorts?.first;
  if (port === undefined) return undefined;
  const protocol = wanted?.protocol ?? 'tcp';
  const address = wanted?.hostAddress ?? '';
  const isTaken = (candidate: number) => (each: PublishedPort) =>
    each.hostPort === candidate && each.protocol === protocol && sameAddress(each.hostAddress, address);
  const holder = containers.find(({ ports }) => ports.some(isTaken(port)));
  if (holder === undefined) return undefined;
  const after = Array.from({ length: 1000 }, (_, step) => port + 1 + step);
  const free = after.find(
    (candidate) => candidate <= MOST && !containers.some(({ ports }) => ports.some(isTaken(candidate))),
  );
  return { port, container: holder.name, free };
}

const ANY = new Set(['', '0.0.0.0', '::']);

function sameAddress(a: string, b: string): boolean {
  return ANY.has(a) || ANY.has(b) || a === b;
}

/** The same row with another port of the machine. */
export function withHostPort(row: PortRow, port: number): PortRow {
  const { address } = parseHost(row.host);
  const written = address.includes(':') ? `[${address}]` : address;
  return { ...row, host: written === '' ? String(port) : `${written}:${port}` };
}
