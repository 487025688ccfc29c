import type { AttachmentRequest } from '../../contract/index.ts';
import type { ConnectedContainer, NetworkUse, NetworkUser } from '../../networks/index.ts';
import type { NetworkDriver, NetworkMode } from '../../types/index.ts';
import type { Container } from '../container.ts';
import type { Parts } from '../parts.ts';
import { Connections } from './connections.ts';
import { placeOf, placesOf } from './network-view.ts';

type NetworkOfUsers = Parameters<NetworkUse['usersOf']>[0];

/** How a container is made that belongs to one of these. */
const MODES_WITHOUT_NETWORKS: Partial<Record<NetworkDriver, NetworkMode>> = { host: 'host', null: 'none' };

/** The containers as their networks see them. */
export class NetworkUsers implements NetworkUse {
  private readonly parts: Parts;
  private readonly connections: Connections;

  constructor(parts: Parts) {
    this.parts = parts;
    this.connections = new Connections(parts);
  }

  usersOf({ id, driver }: NetworkOfUsers): readonly NetworkUser[] {
    return this.parts.table
      .all()
      .flatMap((container) => userOf(container, id, MODES_WITHOUT_NETWORKS[driver]) ?? [])
      .sort((a, b) => (a.containerName < b.containerName ? -1 : 1));
  }

  connect(container: string, request: AttachmentRequest, signal: AbortSignal): Promise<void> {
    return this.connections.connect(this.parts.table.find(container), request, signal);
  }

  disconnect(container: string, networkId: string, signal: AbortSignal): Promise<void> {
    return this.connections.disconnect(this.parts.table.find(container), networkId, signal);
  }

  find(container: string): ConnectedContainer {
    const { id, name, running, addresses } = this.parts.table.find(container);
    return { id, name, running, addresses: addresses.flatMap(placesOf) };
  }
}

/** Null when it is not on the network. */
function userOf(container: Container, networkId: string, mode: NetworkMode | undefined): NetworkUser | null {
  const { record, running, status, addresses } = container;
  const attachment = record.spec.networks.find(({ network }) => network.id === networkId);
  if (attachment === undefined && (mode === undefined || record.spec.network !== mode)) return null;
  return {
    containerId: record.id,
    containerName: record.name,
    running,
    active: running || status === 'starting' || status === 'restarting',
    ...placeOf(addresses.find(({ network }) => network === networkId)),
    aliases: attachment?.aliases ?? [],
  };
}
