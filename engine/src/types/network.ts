/** `host` and `null` are of the built-in networks `host` and `none` alone. */
export type NetworkDriver = 'bridge' | 'macvlan' | 'ipvlan' | 'host' | 'null';

/** A subnet and how its addresses are given out. */
export interface NetworkSubnet {
  /** `172.30.0.0/16`, `fd00:1::/64`. */
  readonly subnet: string;
  /** Null: the first address, or none where nothing leads out. */
  readonly gateway: string | null;
  /** Members get theirs from here; null: from the whole subnet. */
  readonly range: string | null;
  /** Addresses that no member gets, by what they are for. */
  readonly reserved: Readonly<Record<string, string>>;
}

export interface NetworkSummary {
  /** 64 hex digits; those of the built-in networks never change. */
  readonly id: string;
  readonly name: string;
  readonly driver: NetworkDriver;
  /** `bridge`, `host` and `none`: they cannot be made, changed or removed. */
  readonly builtIn: boolean;
  /** Null: it has always been there. */
  readonly createdAt: string | null;
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  /** No way out and no way in. */
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** By Docker's names: `com.docker.network.driver.mtu`, `parent`. */
  readonly options: Readonly<Record<string, string>>;
  /** At most one of each family, chosen ones included; empty of `host` and `none`. */
  readonly subnets: readonly NetworkSubnet[];
  /** Names of the containers that are on it, running or not. */
  readonly usedBy: readonly string[];
}

export interface NetworkDetails extends NetworkSummary {
  /** By name. */
  readonly members: readonly NetworkMember[];
  /** The link on the machine that carries it; null when there is none, or the agent cannot be asked. */
  readonly link: string | null;
}

/** A container on a network. Addresses and mac are null while it does not run. */
export interface NetworkMember {
  readonly containerId: string;
  readonly containerName: string;
  readonly running: boolean;
  readonly interface: string | null;
  readonly ipv4: InterfaceAddress | null;
  readonly ipv6: InterfaceAddress | null;
  readonly mac: string | null;
  /** As they were asked for, besides its name and the short form of its id. */
  readonly aliases: readonly string[];
}

export interface InterfaceAddress {
  /** Without prefix length. */
  readonly address: string;
  readonly prefixLength: number;
  readonly gateway: string | null;
}

/** What a container was asked to be on one network. */
export interface NetworkAttachment {
  /** A network that was removed and made anew under this name is the same to the next start. */
  readonly network: { readonly id: string; readonly name: string };
  readonly aliases: readonly string[];
  /** Null: one is chosen at each start; so with the others. */
  readonly ipv4: string | null;
  readonly ipv6: string | null;
  readonly mac: string | null;
  /** The link's name in the container; null: eth0, eth1, ... */
  readonly interface: string | null;
  /** The default route goes by the network with the highest. */
  readonly gatewayPriority: number;
  readonly links: readonly ContainerLink[];
}

/** A name that one container alone knows another by. */
export interface ContainerLink {
  readonly name: string;
  readonly containerId: string;
}

/** A container's place on one network as it is now: addresses and mac are null while it does not run. */
export interface ContainerNetwork {
  readonly id: string;
  readonly name: string;
  readonly interface: string | null;
  readonly ipv4: InterfaceAddress | null;
  readonly ipv6: InterfaceAddress | null;
  readonly mac: string | null;
  readonly aliases: readonly string[];
  /** What others on this network find it by; empty on the default bridge, which has no names. */
  readonly dnsNames: readonly string[];
}

export type PortProtocol = 'tcp' | 'udp' | 'sctp';

/** A port that the container listens on, by its image or its settings. */
export interface ExposedPort {
  readonly containerPort: number;
  readonly protocol: PortProtocol;
}

/** A port of the machine that is to lead to a container's. */
export interface PortPublication extends ExposedPort {
  /** Null: all addresses, of both families where the network has them. */
  readonly hostAddress: string | null;
  /** Any one of these that is free; null: one that the machine chooses. */
  readonly hostPorts: { readonly first: number; readonly last: number } | null;
}

/** A published port as it is. */
export interface PublishedPort extends ExposedPort {
  /** `0.0.0.0` and `::` are all. */
  readonly hostAddress: string;
  readonly hostPort: number;
}

export type ProbeOutcome = 'connected' | 'refused' | 'timed-out' | 'unreachable' | 'unknown-name';

/** How an attempt to connect went. */
export interface ProbeResult {
  readonly outcome: ProbeOutcome;
  /** What was tried, in order. */
  readonly addresses: readonly string[];
  /** Of the connection that stood, in milliseconds; null without one. */
  readonly roundTripMs: number | null;
  /** One sentence on what went wrong; null when nothing did. */
  readonly reason: string | null;
}
