import type { EndpointRequest } from '../../runtime/index.ts';
import type { NetworkAttachment } from '../../types/index.ts';
import type { KnownNetwork } from '../../networks/index.ts';
import type { ContainerRecord } from '../record.ts';

const SHORT_ID_LENGTH = 12;

/** A container on a network, as the machine is asked for it. */
export function endpointRequest(
  record: Pick<ContainerRecord, 'id' | 'name' | 'spec'>,
  attachment: NetworkAttachment,
  network: KnownNetwork,
): EndpointRequest {
  return {
    network: network.id,
    names: network.hasNames ? dnsNames(record, attachment.aliases) : [],
    ipv4: attachment.ipv4 ?? '',
    ipv6: attachment.ipv6 ?? '',
    mac: attachment.mac ?? '',
    interface: attachment.interface ?? '',
    gatewayPriority: attachment.gatewayPriority,
    links: attachment.links,
  };
}

/** Docker's: its name, its aliases, the short form of its id, its host name. */
export function dnsNames(
  { id, name, spec }: Pick<ContainerRecord, 'id' | 'name' | 'spec'>,
  aliases: readonly string[],
): readonly string[] {
  return [...new Set([name, ...aliases, id.slice(0, SHORT_ID_LENGTH), spec.hostname])].filter(Boolean);
}
