import type { KnownNetwork, NetworkSource } from '../../networks/index.ts';
import { EngineError } from '../../errors/index.ts';
import { DEFAULT_NETWORK_ID } from '../../runtime/index.ts';

const DEFAULT_NETWORK: KnownNetwork = {
  id: DEFAULT_NETWORK_ID,
  name: 'bridge',
  driver: 'bridge',
  hasNames: false,
  subnets: [],
};

/** The default network, and those that a test adds. */
export class FakeNetworkSource implements NetworkSource {
  readonly networks: KnownNetwork[] = [DEFAULT_NETWORK];
  /** What `memberChanged` was told: `connect NETWORK CONTAINER`. */
  readonly changes: string[] = [];

  find(idOrName: string): KnownNetwork {
    const found = this.networks.find(({ id, name }) => id === idOrName || name === idOrName);
    if (found === undefined) throw new EngineError('not-found', `No such network: ${idOrName}`);
    return found;
  }

  current({ id, name }: { readonly id: string; readonly name: string }): KnownNetwork | null {
    return (
      this.networks.find((network) => network.id === id) ??
      this.networks.find((network) => network.name === name) ??
      null
    );
  }

  async ready(network: { readonly id: string; readonly name: string }): Promise<KnownNetwork> {
    const found = this.current(network);
    if (found === null) throw new EngineError('failed-precondition', `The network ${network.name} has gone.`);
    return found;
  }

  memberChanged(action: 'connect' | 'disconnect', networkId: string, containerId: string): void {
    this.changes.push(`${action} ${networkId} ${containerId}`);
  }
}
