import type { NetworkAttachment, NetworkDriver, NetworkSubnet } from '../types/index.ts';

/** A network as a container needs it. */
export interface KnownNetwork {
  /** 64 hex digits. */
  readonly id: string;
  readonly name: string;
  readonly driver: NetworkDriver;
  /** Members find each other by name: not on the default bridge. */
  readonly hasNames: boolean;
  readonly subnets: readonly NetworkSubnet[];
}

/** Networks as containers need them. */
export interface NetworkSource {
  /** By name, id, or unambiguous beginning of an id; fails `not-found`. */
  find(network: string): KnownNetwork;
  /** The network that an attachment means now; null when it has gone. */
  current(network: NetworkAttachment['network']): KnownNetwork | null;
  /**
   * Resolves when the machine has the network; fails with why it has not. A network that has gone:
   * `failed-precondition`.
   */
  ready(network: NetworkAttachment['network'], signal?: AbortSignal): Promise<KnownNetwork>;
  /** A container came to the network or left it, in the kernel. */
  memberChanged(action: 'connect' | 'disconnect', networkId: string, containerId: string): void;
}
