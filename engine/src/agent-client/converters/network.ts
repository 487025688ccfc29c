import { EngineError } from '../../errors/index.ts';
import {
  type AssignedAddress,
  DEFAULT_NETWORK_ID,
  type EndpointRequest,
  type HostNetwork,
  type NetworkDefinition,
  type ProbeRequest,
} from '../../runtime/index.ts';
import type {
  PortProtocol,
  PortPublication,
  ProbeOutcome,
  ProbeResult,
  PublishedPort,
} from '../../types/index.ts';
import * as wire from '../generated/longshore/agent/v1/network.ts';

/** What the agent calls the default network. */
const DEFAULT_NETWORK = 'bridge';

const MICROSECONDS_PER_MILLISECOND = 1000;

const DRIVERS = {
  bridge: wire.NetworkDriver.NETWORK_DRIVER_BRIDGE,
  macvlan: wire.NetworkDriver.NETWORK_DRIVER_MACVLAN,
  ipvlan: wire.NetworkDriver.NETWORK_DRIVER_IPVLAN,
} as const satisfies Record<NetworkDefinition['driver'], wire.NetworkDriver>;

const DRIVERS_OF_WIRE: ReadonlyMap<wire.NetworkDriver, NetworkDefinition['driver']> = new Map([
  [wire.NetworkDriver.NETWORK_DRIVER_BRIDGE, 'bridge'],
  [wire.NetworkDriver.NETWORK_DRIVER_MACVLAN, 'macvlan'],
  [wire.NetworkDriver.NETWORK_DRIVER_IPVLAN, 'ipvlan'],
]);

const OUTCOMES: ReadonlyMap<wire.ProbeOutcome, ProbeOutcome> = new Map([
  [wire.ProbeOutcome.PROBE_OUTCOME_CONNECTED, 'connected'],
  [wire.ProbeOutcome.PROBE_OUTCOME_REFUSED, 'refused'],
  [wire.ProbeOutcome.PROBE_OUTCOME_TIMED_OUT, 'timed-out'],
  [wire.ProbeOutcome.PROBE_OUTCOME_UNREACHABLE, 'unreachable'],
  [wire.ProbeOutcome.PROBE_OUTCOME_UNKNOWN_NAME, 'unknown-name'],
]);

const PROTOCOLS: readonly PortProtocol[] = ['tcp', 'udp', 'sctp'];

export function toWireNetworkId(id: string): string {
  return id === DEFAULT_NETWORK_ID ? DEFAULT_NETWORK : id;
}

function fromWireNetworkId(id: string): string {
  return id === DEFAULT_NETWORK ? DEFAULT_NETWORK_ID : id;
}

export function toWireDefinition(definition: NetworkDefinition): wire.NetworkDefinition {
  return {
    ...definition,
    id: toWireNetworkId(definition.id),
    driver: DRIVERS[definition.driver],
    pools: definition.pools.map((pool) => ({ ...pool, reserved: [...pool.reserved] })),
  };
}

export function fromWireNetwork(network: wire.Network): HostNetwork {
  const { definition } = network;
  if (definition === undefined) throw unreadable('a network without a definition');
  const driver = DRIVERS_OF_WIRE.get(definition.driver);
  if (driver === undefined) throw unreadable('a network without a driver');
  return {
    definition: { ...definition, id: fromWireNetworkId(definition.id), driver },
    members: network.members.flatMap(({ containerId, address }) =>
      address === undefined ? [] : [{ containerId, address: fromWireAddress(address) }],
    ),
  };
}

export function toWireEndpoint(endpoint: EndpointRequest): wire.NetworkAttachment {
  return {
    ...endpoint,
    network: toWireNetworkId(endpoint.network),
    names: [...endpoint.names],
    links: endpoint.links.map(({ name, containerId }) => ({ name, containerId })),
  };
}

export function fromWireAddress(address: wire.AssignedAddress): AssignedAddress {
  return { ...address, network: fromWireNetworkId(address.network) };
}

export function toWirePublication(publication: PortPublication): wire.PortPublication {
  const { protocol, containerPort, hostAddress, hostPorts } = publication;
  return {
    protocol,
    containerPort,
    hostAddress: hostAddress ?? '',
    hostPortFirst: hostPorts?.first ?? 0,
    hostPortLast: hostPorts?.last ?? 0,
  };
}

export function fromWirePort(port: wire.PublishedPort): PublishedPort {
  const protocol = PROTOCOLS.find((known) => known === port.protocol);
  if (protocol === undefined) throw unreadable(`the protocol "${port.protocol}"`);
  const { containerPort, hostAddress, hostPort } = port;
  return { containerPort, protocol, hostAddress, hostPort };
}

export function toWireProbe({ from, host, port, timeoutMs }: ProbeRequest): wire.ProbeRequest {
  return { fromContainerId: from ?? '', host, port, timeoutMs };
}

export function fromWireProbe(response: wire.ProbeResponse): ProbeResult {
  const outcome = OUTCOMES.get(response.outcome);
  if (outcome === undefined) throw unreadable('a probe without an outcome');
  const isConnected = outcome === 'connected';
  return {
    outcome,
    addresses: response.addresses,
    roundTripMs: isConnected ? Number(response.roundTripUs) / MICROSECONDS_PER_MILLISECOND : null,
    reason: response.reason === '' ? null : response.reason,
  };
}

function unreadable(what: string): EngineError {
  return new EngineError('internal', `The agent answered with ${what}.`);
}
