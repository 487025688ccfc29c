import { EngineError } from '../../errors/index.ts';
import type { NetworkAttachment } from '../../types/index.ts';
import type { Container } from '../container.ts';
import { placesOf } from './network-view.ts';

/** Compose makes a container's successor while it still runs, and stops it before the successor starts. */
const REPLACES = 'com.docker.compose.replace';

/** Refuses an address that a container which runs has, by the name of that container. */
export function checkAddressesFree(
  asked: {
    readonly networks: readonly NetworkAttachment[];
    readonly labels: Readonly<Record<string, string>>;
  },
  others: readonly Container[],
): void {
  if (REPLACES in asked.labels) return;
  for (const { network, ipv4, ipv6 } of asked.networks) {
    for (const [field, wanted] of [['ipv4', ipv4] as const, ['ipv6', ipv6] as const]) {
      const holder = others.find(
        ({ addresses }) => wanted !== null && addresses.flatMap(placesOf).some(isPlace(network.id, wanted)),
      );
      if (holder !== undefined) throw inUse(field, `${wanted} of ${network.name}`, holder.name);
    }
  }
}

function isPlace(id: string, wanted: string) {
  return ({ network, address }: { readonly network: string; readonly address: string }): boolean =>
    network === id && address === wanted;
}

function inUse(field: 'ipv4' | 'ipv6', address: string, holder: string): EngineError {
  return new EngineError('conflict', `${field}: the address ${address} is in use by ${holder}.`, {
    detail: { step: 'settings', path: field },
    hint: 'Choose another address, or stop that container first.',
  });
}
