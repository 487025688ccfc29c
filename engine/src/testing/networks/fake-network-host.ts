import { overlaps } from '../../addresses/index.ts';
import { EngineError, toEngineError } from '../../errors/index.ts';
import {
  type AssignedAddress,
  type CallOptions,
  type Connected,
  DEFAULT_NETWORK_ID,
  type EndpointRequest,
  type HostNetwork,
  type NetworkDefinition,
  type NetworkHost,
  type ProbeRequest,
} from '../../runtime/index.ts';
import type { PortPublication, ProbeResult, PublishedPort } from '../../types/index.ts';
import { bare, FakeNetwork } from './fake-network.ts';
import { FakePorts } from './fake-ports.ts';

const DEFAULT_DEFINITION: NetworkDefinition = {
  id: DEFAULT_NETWORK_ID,
  name: 'bridge',
  driver: 'bridge',
  pools: [{ subnet: '172.30.0.0/16', gateway: '172.30.0.1', range: '', reserved: [] }],
  ipv4: true,
  ipv6: false,
  internal: false,
  isolated: false,
  masquerade: true,
  mtu: 1500,
  link: 'ls-00000000',
  parent: '',
  mode: '',
  hostAddress: '',
};

/** Networks in memory that behave: leases, names, ports, and who reaches whom. Its runtime tells who runs. */
export class FakeNetworkHost implements NetworkHost {
  /** Awaited before a network is applied: a test holds that up, or makes it fail, here. */
  beforeApply: (definition: NetworkDefinition) => Promise<void> = async () => undefined;
  /** Ports that containers listen on: `ID:PORT`. */
  readonly listening = new Set<string>();
  /** Every `apply` that came, in order. */
  readonly applied: NetworkDefinition[] = [];
  private readonly networks = new Map<string, FakeNetwork>();
  private readonly ports = new FakePorts();
  private readonly running = new Set<string>();
  private readonly check: (signal: AbortSignal | undefined) => void;
  private lastNumber = 0;

  /** `check` throws when nobody can be asked. */
  constructor(check: (signal: AbortSignal | undefined) => void = throwIfAborted) {
    this.check = check;
    this.networks.set(DEFAULT_NETWORK_ID, new FakeNetwork(DEFAULT_DEFINITION, 0));
  }

  async apply(definition: NetworkDefinition, { signal }: CallOptions = {}): Promise<HostNetwork> {
    this.check(signal);
    this.applied.push(definition);
    await this.beforeApply(definition);
    const known = this.networks.get(definition.id);
    if (known !== undefined && isMadeFrom(known, definition)) return known.asHost();
    if (known !== undefined && known.members.size > 0) throw inUse(definition.id);
    this.checkSubnets(definition);
    const network = new FakeNetwork(definition, ++this.lastNumber);
    this.networks.set(definition.id, network);
    return network.asHost();
  }

  async remove(id: string, { signal }: CallOptions = {}): Promise<void> {
    this.check(signal);
    if ((this.networks.get(id)?.members.size ?? 0) > 0) throw inUse(id);
    this.networks.delete(id);
  }

  async list({ signal }: CallOptions = {}): Promise<readonly HostNetwork[]> {
    this.check(signal);
    return [...this.networks.values()].map((network) => network.asHost());
  }

  async connect(
    containerId: string,
    endpoint: EndpointRequest,
    { signal }: CallOptions = {},
  ): Promise<Connected> {
    this.check(signal);
    this.checkRunning(containerId);
    const network = this.known(endpoint.network);
    if (network.members.has(containerId)) {
      throw new EngineError('already-exists', 'The container is on this network already.');
    }
    const position = this.networksOf(containerId).length;
    const address = network.admit(containerId, endpoint, position);
    return { address, ports: this.ports.of(containerId) };
  }

  async disconnect(
    containerId: string,
    network: string,
    { signal }: CallOptions = {},
  ): Promise<readonly PublishedPort[]> {
    this.check(signal);
    this.networks.get(network)?.members.delete(containerId);
    if (this.networksOf(containerId).length === 0) this.ports.release(containerId);
    return this.ports.of(containerId);
  }

  async setNames(
    containerId: string,
    network: string,
    names: readonly string[],
    { signal }: CallOptions = {},
  ): Promise<void> {
    this.check(signal);
    this.known(network).rename(containerId, names);
  }

  async probe({ from, host, port }: ProbeRequest, { signal }: CallOptions = {}): Promise<ProbeResult> {
    this.check(signal);
    const reachable = from === null ? [...this.networks.values()] : this.networksOf(from);
    const named = reachable.flatMap((network) => network.addressesOf(host));
    const isAddress = /^[\d.]+$|:/.test(host);
    if (named.length === 0 && !isAddress) return failedProbe('unknown-name', [], `No such name: ${host}`);
    const [address = host] = named;
    const target = reachable
      .flatMap((network) => [...network.members])
      .find(([, member]) => bare(member.address.address) === address);
    if (target === undefined) return failedProbe('timed-out', [address], 'Nobody answered.');
    if (!this.listening.has(`${target[0]}:${port}`)) {
      return failedProbe('refused', [address], 'Nobody listens there.');
    }
    return { outcome: 'connected', addresses: [address], roundTripMs: 0.1, reason: null };
  }

  /** The networks and ports of a container that starts, all of them or none. */
  admit(
    containerId: string,
    endpoints: readonly EndpointRequest[],
    publications: readonly PortPublication[],
  ): { readonly addresses: readonly AssignedAddress[]; readonly ports: readonly PublishedPort[] } {
    const networks = endpoints.map(({ network }) => this.known(network));
    const ports = this.ports.publish(containerId, endpoints.length === 0 ? [] : publications);
    this.running.add(containerId);
    try {
      const addresses = endpoints.map((endpoint, at) => networks[at]?.admit(containerId, endpoint, at));
      return { addresses: addresses.filter((address) => address !== undefined), ports };
    } catch (thrown) {
      this.dismiss(containerId);
      throw thrown;
    }
  }

  /** It has ended. */
  dismiss(containerId: string): void {
    for (const network of this.networks.values()) network.members.delete(containerId);
    this.ports.release(containerId);
    this.running.delete(containerId);
  }

  /** What a name stands for on a network. */
  resolve(network: string, name: string): readonly string[] {
    return this.known(network).addressesOf(name);
  }

  /** The machine goes down. */
  forgetAll(): void {
    for (const id of [...this.running]) this.dismiss(id);
    for (const id of this.networks.keys()) if (id !== DEFAULT_NETWORK_ID) this.networks.delete(id);
  }

  addressesOf(containerId: string): readonly AssignedAddress[] {
    return this.networksOf(containerId).flatMap((network) => network.members.get(containerId)?.address ?? []);
  }

  portsOf(containerId: string): readonly PublishedPort[] {
    return this.ports.of(containerId);
  }

  private networksOf(containerId: string): readonly FakeNetwork[] {
    return [...this.networks.values()].filter(({ members }) => members.has(containerId));
  }

  private checkSubnets({ id, pools }: NetworkDefinition): void {
    for (const other of this.networks.values()) {
      if (other.definition.id === id) continue;
      for (const { subnet } of other.definition.pools) {
        const taken = pools.find((pool) => overlaps(pool.subnet, subnet));
        if (taken === undefined) continue;
        throw new EngineError(
          'conflict',
          `The subnet ${taken.subnet} is in use by ${other.definition.link}.`,
          {
            detail: { step: 'network', path: taken.subnet },
          },
        );
      }
    }
  }

  private checkRunning(containerId: string): void {
    if (this.running.has(containerId)) return;
    throw new EngineError('failed-precondition', 'The container does not run.', {
      detail: { path: containerId },
    });
  }

  private known(id: string): FakeNetwork {
    const network = this.networks.get(id);
    if (network === undefined)
      throw new EngineError('not-found', 'No such network.', { detail: { path: id } });
    return network;
  }
}

/** The same request again, or the answer to it. */
function isMadeFrom({ asked, definition }: FakeNetwork, wanted: NetworkDefinition): boolean {
  const text = JSON.stringify(wanted);
  return text === JSON.stringify(asked) || text === JSON.stringify(definition);
}

function inUse(id: string): EngineError {
  return new EngineError('failed-precondition', 'The network has members.', {
    detail: { step: 'network', path: id },
  });
}

function failedProbe(
  outcome: ProbeResult['outcome'],
  addresses: readonly string[],
  reason: string,
): ProbeResult {
  return { outcome, addresses, roundTripMs: null, reason };
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw toEngineError(signal.reason);
}
