import type { ContainerSummary, ExposedPort, PublishedPort } from '../../../types/index.ts';

/** `0.0.0.0:8080`, `[::1]:8080`. */
export function hostWords({ hostAddress, hostPort }: PublishedPort): string {
  return `${hostOf(hostAddress)}:${hostPort}`;
}

/**
 * docker's PORTS column: what is published, and what is only exposed. Ports in a row that lead to the same number become
 * one range; those that lead to another number stand alone, behind.
 */
export function portWords({ ports, exposedPorts }: Pick<ContainerSummary, 'ports' | 'exposedPorts'>): string {
  const published = new Set(ports.map(keyOf));
  const same = ports.filter(({ hostPort, containerPort }) => hostPort === containerPort);
  const others = ports.filter(({ hostPort, containerPort }) => hostPort !== containerPort);
  const inRows = [
    ...rows(
      exposedPorts.filter((port) => !published.has(keyOf(port))),
      () => '',
    ),
    ...rows(same, ({ hostAddress }) => hostOf(hostAddress)),
  ];
  const alone = others
    .toSorted(byNumber)
    .map((port) => `${hostWords(port)}->${port.containerPort}/${port.protocol}`);
  return [...inRows, ...alone].join(', ');
}

interface Row {
  readonly host: string;
  readonly protocol: string;
  readonly first: number;
  last: number;
}

function rows<P extends ExposedPort>(ports: readonly P[], hostOf: (port: P) => string): readonly string[] {
  const found: Row[] = [];
  for (const port of ports.toSorted(byNumber)) {
    const { containerPort, protocol } = port;
    const host = hostOf(port);
    const row = found.find(
      (one) => one.host === host && one.protocol === protocol && one.last === containerPort - 1,
    );
    if (row === undefined) found.push({ host, protocol, first: containerPort, last: containerPort });
    else row.last = containerPort;
  }
  return found.map(({ host, protocol, first, last }) => {
    const range = first === last ? String(first) : `${first}-${last}`;
    return `${host === '' ? '' : `${host}:${range}->`}${range}/${protocol}`;
  });
}

function byNumber(a: ExposedPort, b: ExposedPort): number {
  return a.containerPort - b.containerPort;
}

function hostOf(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function keyOf({ containerPort, protocol }: ExposedPort): string {
  return `${containerPort}/${protocol}`;
}
