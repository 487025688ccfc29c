import type { ContainerSpec, ExposedPort, PortPublication } from '../../types/index.ts';

type PortSettings = Pick<ContainerSpec, 'network' | 'ports' | 'exposedPorts' | 'publishAllPorts'>;

/** What is to be published at a start: nothing where the container has no interface of its own to lead to. */
export function publications({
  network,
  ports,
  exposedPorts,
  publishAllPorts,
}: PortSettings): readonly PortPublication[] {
  if (network !== 'bridge') return [];
  if (!publishAllPorts) return ports;
  const named = new Set(ports.map(portKey));
  const others = exposedPorts.filter((port) => !named.has(portKey(port)));
  return [...ports, ...others.map((port) => ({ ...port, hostAddress: null, hostPorts: null }))];
}

/** `80/tcp`. */
export function portKey({ containerPort, protocol }: ExposedPort): string {
  return `${containerPort}/${protocol}`;
}

/** As images write them: `80`, `80/tcp`, `8000-8010/udp`. What is none is left out: an image may say anything. */
export function parseExposedPorts(words: readonly string[]): readonly ExposedPort[] {
  return words.flatMap((word) => {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/.exec(word.toLowerCase());
    if (match === null) return [];
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (first < 1 || last > 65_535 || last < first) return [];
    // The expression above lets nothing else through.
    const protocol = (match[3] ?? 'tcp') as ExposedPort['protocol'];
    return Array.from({ length: last - first + 1 }, (_, at) => ({ containerPort: first + at, protocol }));
  });
}
