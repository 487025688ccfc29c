import type { ProbeResult, PublishedPort } from '../types/index.ts';
import type { AssignedAddress, EndpointRequest } from './endpoints.ts';
import type { CallOptions } from './requests.ts';

/** The id of the network `bridge`, which is there without `apply` and has no names. */
export const DEFAULT_NETWORK_ID = '6272696467650000000000000000000000000000000000000000000000000000';

/** What the machine is to have of a network. */
export interface NetworkDefinition {
  /** 64 hex digits, chosen by the caller. */
  readonly id: string;
  /** Unique. Members are known as `member` and `member.name`. */
  readonly name: string;
  readonly driver: 'bridge' | 'macvlan' | 'ipvlan';
  /** At most one of each family; where there is none and the family is wanted, one is chosen. */
  readonly pools: readonly AddressPool[];
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  readonly internal: boolean;
  /** Members do not reach each other. */
  readonly isolated: boolean;
  readonly masquerade: boolean;
  /** 0: that of the machine's default route. */
  readonly mtu: number;
  /** Of a bridge: the link's name on the machine; empty: chosen. */
  readonly link: string;
  /** Of macvlan and ipvlan: the machine's link below, `.VLAN` made when missing; empty: a dummy of its own. */
  readonly parent: string;
  /** Of macvlan and ipvlan; empty: the driver's first. */
  readonly mode: string;
  /** Where ports are published whose publication names no address; empty: everywhere. */
  readonly hostAddress: string;
}

export interface AddressPool {
  readonly subnet: string;
  /** Empty: the first address. */
  readonly gateway: string;
  /** Members get theirs from here; empty: from the subnet. */
  readonly range: string;
  /** Never given to members. */
  readonly reserved: readonly string[];
}

/** A network as it is: its definition with all that was chosen, and who is on it. */
export interface HostNetwork {
  readonly definition: NetworkDefinition;
  readonly members: readonly { readonly containerId: string; readonly address: AssignedAddress }[];
}

export interface Connected {
  readonly address: AssignedAddress;
  /** All of the container's, which may have come with its first way out. */
  readonly ports: readonly PublishedPort[];
}

export interface ProbeRequest {
  /** Null: from the machine itself. */
  readonly from: string | null;
  /** A name as that container resolves it, or an address. */
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

/**
 * What carries networks. The agent fulfils it over gRPC; testing/networks fulfils it in memory; one contract suite
 * (testing/networks/describe-network-host.ts) holds both to what is written here.
 *
 * Networks, members and published ports outlive the caller and the agent.
 */
export interface NetworkHost {
  /**
   * Makes the network, or puts right what is missing of it. Fails `failed-precondition` when another definition of it
   * stands and has members, `conflict` when something on the machine uses the subnet, naming it.
   */
  apply(definition: NetworkDefinition, options?: CallOptions): Promise<HostNetwork>;
  /** Fails `failed-precondition` with members; an unknown one is a success. */
  remove(id: string, options?: CallOptions): Promise<void>;
  list(options?: CallOptions): Promise<readonly HostNetwork[]>;
  /** Of a container that runs. Fails `already-exists` when it is on the network. */
  connect(containerId: string, attachment: EndpointRequest, options?: CallOptions): Promise<Connected>;
  /** Resolves with the ports it still has. Not on the network: a success. */
  disconnect(containerId: string, network: string, options?: CallOptions): Promise<readonly PublishedPort[]>;
  /** Other names for a member, at once. */
  setNames(
    containerId: string,
    network: string,
    names: readonly string[],
    options?: CallOptions,
  ): Promise<void>;
  /** Opens a TCP connection and tells how that went. */
  probe(request: ProbeRequest, options?: CallOptions): Promise<ProbeResult>;
}
