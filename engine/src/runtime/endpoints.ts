/** A container on one network, as it is asked for. Empty: chosen. */
export interface EndpointRequest {
  /** Its id. */
  readonly network: string;
  /** Names on this network; any number of members may share one. */
  readonly names: readonly string[];
  readonly ipv4: string;
  readonly ipv6: string;
  readonly mac: string;
  readonly interface: string;
  readonly gatewayPriority: number;
  /** Names that this container alone knows. */
  readonly links: readonly { readonly name: string; readonly containerId: string }[];
}

/** A container on one network, as it is. Addresses have a prefix length; empty: none. */
export interface AssignedAddress {
  readonly network: string;
  readonly interface: string;
  readonly address: string;
  readonly gateway: string;
  readonly mac: string;
  readonly ipv6Address: string;
  readonly ipv6Gateway: string;
}
