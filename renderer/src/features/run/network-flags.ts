import type { ContainerRequestInput } from '@longshore/engine/contract';
import { each, switchedOn, value } from './flags.ts';
import type { ExposedPort, Publication } from './port-rows.ts';

type Attachment = NonNullable<ContainerRequestInput['networks']>[number];

export function networkFlags(request: ContainerRequestInput): readonly string[] {
  return [
    ...value('--network', request.network),
    ...each('--network', request.networks?.map(attachment)),
    ...each('-p', together(request.ports ?? []).map(publication)),
    ...switchedOn('-P', request.publishAllPorts),
    ...each('--expose', request.exposedPorts?.map(exposed)),
    ...value('--hostname', request.hostname),
    ...value('--domainname', request.domainname),
    ...each('--add-host', request.extraHosts),
    ...each('--dns', request.dns),
    ...each('--dns-search', request.dnsSearch),
    ...each('--dns-option', request.dnsOptions),
  ];
}

/** The name alone, or Docker's long form where there is more to say. */
function attachment({ network, aliases = [], ipv4, ipv6 }: Attachment): string {
  const more = [
    ...aliases.map((alias) => `alias=${alias}`),
    ...(ipv4 === undefined ? [] : [`ip=${ipv4}`]),
    ...(ipv6 === undefined ? [] : [`ip6=${ipv6}`]),
  ];
  return more.length === 0 ? network : [`name=${network}`, ...more].join(',');
}

/** Ports that follow each other on both sides, as one range. */
interface Span {
  readonly first: Publication;
  readonly last: Publication;
}

function together(ports: readonly Publication[]): readonly Span[] {
  const spans: Span[] = [];
  for (const port of ports) {
    const span = spans.at(-1);
    if (span !== undefined && follows(span.last, port)) spans.splice(-1, 1, { ...span, last: port });
    else spans.push({ first: port, last: port });
  }
  return spans;
}

function follows(before: Publication, port: Publication): boolean {
  const isSingle = ({ hostPorts }: Publication) => hostPorts?.first === hostPorts?.last;
  if (!isSingle(before) || !isSingle(port)) return false;
  const step = (a: number | undefined, b: number | undefined) =>
    a === undefined ? b === undefined : b === a + 1;
  return (
    port.containerPort === before.containerPort + 1 &&
    step(before.hostPorts?.first, port.hostPorts?.first) &&
    port.protocol === before.protocol &&
    port.hostAddress === before.hostAddress
  );
}

/** `127.0.0.1:8080:80/udp`. */
function publication({ first, last }: Span): string {
  const { hostAddress, hostPorts, protocol } = first;
  const address =
    hostAddress === undefined ? [] : [hostAddress.includes(':') ? `[${hostAddress}]` : hostAddress];
  const outside =
    hostPorts === undefined ? [] : [range(hostPorts.first, last.hostPorts?.last ?? hostPorts.last)];
  const inside = range(first.containerPort, last.containerPort);
  const host = address.length > 0 && outside.length === 0 ? [...address, ''] : [...address, ...outside];
  return [...host, inside].join(':') + (protocol === undefined || protocol === 'tcp' ? '' : `/${protocol}`);
}

function range(first: number, last: number): string {
  return first === last ? String(first) : `${first}-${last}`;
}

function exposed({ containerPort, protocol }: ExposedPort): string {
  return protocol === undefined || protocol === 'tcp'
    ? String(containerPort)
    : `${containerPort}/${protocol}`;
}
