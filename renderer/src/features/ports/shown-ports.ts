import type { PublishedPort } from '@longshore/engine/types';

/** A published port, or several that follow each other, as they are shown. */
export interface ShownPort {
  readonly hostAddress: string;
  /** `8080`, `8000-8009`. */
  readonly hostPorts: string;
  /** With the protocol where it is not TCP: `80`, `53/udp`. */
  readonly containerPorts: string;
  /** What a browser can open; null of ranges and of what is not TCP. */
  readonly url: string | null;
}

const ANY = new Set(['0.0.0.0', '::', '']);

/** Ports that are served as HTTPS by nearly everybody. */
const HTTPS = new Set([443, 8443]);

/** Where this machine reaches the port itself. */
export function urlOf({ hostAddress, hostPort, containerPort }: PublishedPort): string {
  const host = ANY.has(hostAddress)
    ? 'localhost'
    : hostAddress.includes(':')
      ? `[${hostAddress}]`
      : hostAddress;
  const scheme = HTTPS.has(containerPort) ? 'https' : 'http';
  return `${scheme}://${host}:${hostPort}`;
}

interface Run {
  readonly first: PublishedPort;
  last: PublishedPort;
}

/** By host port; one port that is published on all IPv4 and all IPv6 addresses is one, and so is a range. */
export function shownPorts(ports: readonly PublishedPort[]): readonly ShownPort[] {
  const runs: Run[] = [];
  for (const port of withoutDoubles(ports)) {
    const run = runs.at(-1);
    if (run !== undefined && follows(run.last, port)) run.last = port;
    else runs.push({ first: port, last: port });
  }
  return runs.flatMap(split).map(shown);
}

/** Fewer than this many are worth a link each. */
const WORTH_A_RANGE = 3;

function split({ first, last }: Run): readonly Run[] {
  const count = last.hostPort - first.hostPort + 1;
  if (count >= WORTH_A_RANGE || count === 1) return [{ first, last }];
  return [
    { first, last: first },
    { first: last, last },
  ];
}

function withoutDoubles(ports: readonly PublishedPort[]): readonly PublishedPort[] {
  const known = new Map<string, PublishedPort>();
  for (const port of ports) {
    const address = ANY.has(port.hostAddress) ? '' : port.hostAddress;
    const key = `${address} ${port.hostPort} ${port.containerPort} ${port.protocol}`;
    if (!known.has(key)) known.set(key, port);
  }
  return [...known.values()].sort(
    (a, b) =>
      a.protocol.localeCompare(b.protocol) * -1 ||
      a.hostPort - b.hostPort ||
      a.containerPort - b.containerPort,
  );
}

function follows(before: PublishedPort, port: PublishedPort): boolean {
  return (
    port.hostPort === before.hostPort + 1 &&
    port.containerPort === before.containerPort + 1 &&
    port.protocol === before.protocol &&
    port.hostAddress === before.hostAddress
  );
}

function shown({ first, last }: Run): ShownPort {
  const range = (from: number, to: number) => (from === to ? String(from) : `${from}-${to}`);
  const single = first === last;
  return {
    hostAddress: first.hostAddress,
    hostPorts: range(first.hostPort, last.hostPort),
    containerPorts:
      range(first.containerPort, last.containerPort) + (first.protocol === 'tcp' ? '' : `/${first.protocol}`),
    url: single && first.protocol === 'tcp' ? urlOf(first) : null,
  };
}
