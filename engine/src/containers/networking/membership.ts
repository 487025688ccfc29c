import type { EndpointRequest } from '../../runtime/index.ts';
import type { NetworkAttachment } from '../../types/index.ts';
import type { Container } from '../container.ts';
import { publishContainer } from '../container-events.ts';
import type { KnownNetwork } from '../../networks/index.ts';
import type { Parts } from '../parts.ts';
import { persistLater } from '../persist.ts';
import { endpointRequest } from './endpoints.ts';

/**
 * What a start asks of each of the container's networks, once the machine has them. A network that was removed and made
 * anew under the same name takes the place of the old one.
 */
export async function endpointsOf(
  parts: Parts,
  container: Container,
  signal?: AbortSignal,
): Promise<readonly EndpointRequest[]> {
  const { spec } = container.record;
  const found: (readonly [NetworkAttachment, KnownNetwork])[] = [];
  for (const attachment of spec.networks) {
    found.push([attachment, await parts.networks.ready(attachment.network, signal)]);
  }
  if (found.some(([{ network }, { id }]) => network.id !== id)) {
    const networks = found.map(([attachment, { id, name }]) => ({ ...attachment, network: { id, name } }));
    container.setRecord({ ...container.record, spec: { ...spec, networks } });
    persistLater(parts, container);
  }
  return found.map(([attachment, network]) => endpointRequest(container.record, attachment, network));
}

/** Docker's order: the networks first. */
export function publishStart({ events, networks }: Parts, container: Container, at?: string): void {
  for (const { network } of container.record.spec.networks) {
    networks.memberChanged('connect', network.id, container.id);
  }
  publishContainer(events, 'start', container, at === undefined ? {} : { at });
}

/** Its run has ended. */
export function publishLeaving({ networks }: Parts, container: Container): void {
  for (const { network } of container.record.spec.networks) {
    networks.memberChanged('disconnect', network.id, container.id);
  }
}
