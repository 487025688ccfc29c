import { beforeAbort } from '../before-abort.ts';

import { isEngineError } from '../errors/index.ts';
import { KeyedMutex } from '../keyed-mutex.ts';
import { DEFAULT_NETWORK_ID } from '../runtime/index.ts';
import type { NetworkAttachment, NetworkDetails, PrunableItem } from '../types/index.ts';
import { Applying, gone } from './applying.ts';
import type { Network } from './built-in.ts';
import { Creation } from './creation.ts';
import type { InputOf, NetworkHandlers } from './handler-input.ts';
import { publishNetwork } from './network-events.ts';
import { listNetworks } from './network-list.ts';
import type { KnownNetwork, NetworkSource } from './network-source.ts';
import { NetworkTable } from './network-table.ts';
import { detailsOf } from './network-view.ts';
import type { NetworksOptions, Parts } from './parts.ts';
import { probe } from './probing.ts';
import { Removal } from './removal.ts';

type Reference = NetworkAttachment['network'];

/** All networks of the engine: what they are, and that the machine has them. Who is on them, the containers know. */
export class Networks implements NetworkSource, AsyncDisposable {
  private readonly parts: Parts;
  private readonly applying: Applying;
  private readonly creation: Creation;
  private readonly removal: Removal;

  constructor(options: NetworksOptions) {
    const table = new NetworkTable();
    for (const record of options.records.all()) table.adopt(record);
    this.parts = { ...options, table, mutex: new KeyedMutex() };
    this.applying = new Applying(this.parts);
    this.creation = new Creation(this.parts, this.applying);
    this.removal = new Removal(this.parts, this.applying);
  }

  readonly handlers: NetworkHandlers = {
    list: async ({ filters }) => listNetworks(this.parts, filters),
    inspect: async ({ network }) => this.details(this.parts.table.find(network)),
    create: async (request, { signal }) => {
      const { id } = await this.creation.create(request, signal);
      return this.details(this.parts.table.find(id));
    },
    remove: async ({ network }, { signal }) => {
      const found = this.parts.table.find(network);
      await this.removal.remove(found, signal);
      return { id: found.id };
    },
    prune: (filters, { signal }) => this.removal.prune(filters, signal),
    connect: async ({ container, ...request }, { signal }) => {
      const found = this.parts.table.find(request.network);
      await this.parts.use.connect(container, request, signal);
      return this.details(found);
    },
    disconnect: (input, { signal }) => this.disconnect(input, signal),
    probe: (input, { signal }) => probe(this.parts, input, signal),
  };

  /** What `prune` would remove if these containers were gone, as things are. */
  prunable(filters: InputOf<'prune'>, without: ReadonlySet<string>): readonly PrunableItem[] {
    return this.removal.prunable(filters, without);
  }

  /** Resolves when the machine has been told of all networks, as far as it could be. */
  settled(): Promise<void> {
    return this.applying.settled;
  }

  find(network: string): KnownNetwork {
    return known(this.parts.table.find(network));
  }

  current({ id, name }: Reference): KnownNetwork | null {
    const { table } = this.parts;
    const network = table.network(id) ?? table.byName(name);
    return network === null || this.removal.isRemoving(network.id) ? null : known(network);
  }

  async ready(reference: Reference, signal?: AbortSignal): Promise<KnownNetwork> {
    const network = this.current(reference);
    if (network === null) throw gone(reference.name);
    const record = this.parts.table.get(network.id);
    // The default network needs nobody to make it.
    if (record === undefined) return network;
    const applying = this.applying.ensure(record);
    await (signal === undefined ? applying : beforeAbort(applying, signal));
    return this.current(network) ?? network;
  }

  memberChanged(action: 'connect' | 'disconnect', networkId: string, containerId: string): void {
    const network = this.parts.table.network(networkId);
    if (network !== null) publishNetwork(this.parts, action, network, containerId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.applying.close();
  }

  private details(network: Network): NetworkDetails {
    return detailsOf(network, this.parts.use.usersOf(network));
  }

  private async disconnect(
    { network, container, force }: InputOf<'disconnect'>,
    signal: AbortSignal,
  ): Promise<NetworkDetails> {
    const found = this.parts.table.find(network);
    try {
      await this.parts.use.disconnect(container, found.id, signal);
    } catch (thrown) {
      if (!force || !isEngineError(thrown, 'not-found')) throw thrown;
    }
    return this.details(found);
  }
}

function known({ id, name, driver, subnets }: Network): KnownNetwork {
  return { id, name, driver, hasNames: id !== DEFAULT_NETWORK_ID, subnets };
}
