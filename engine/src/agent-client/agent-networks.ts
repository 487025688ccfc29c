import { EngineError } from '../errors/index.ts';
import type {
  CallOptions,
  Connected,
  EndpointRequest,
  HostNetwork,
  NetworkDefinition,
  NetworkHost,
  ProbeRequest,
} from '../runtime/index.ts';
import type { ProbeResult, PublishedPort } from '../types/index.ts';
import { unary } from './calls.ts';
import type { AgentConnection } from './connection.ts';
import {
  fromWireAddress,
  fromWireNetwork,
  fromWirePort,
  fromWireProbe,
  toWireDefinition,
  toWireEndpoint,
  toWireNetworkId,
  toWireProbe,
} from './converters/network.ts';
import type { Gate } from './gate.ts';
import type { NetworksClient } from './generated/longshore/agent/v1/network.ts';

/** Milliseconds. */
const DEADLINE = 15_000;
/** A link has to come up, and the rules of thousands of ports may be put back with it. */
const APPLY_DEADLINE = 30_000;
/** Beyond the time that the probe itself is given. */
const PROBE_GRACE = 5_000;

/** The networks of the agent, over gRPC. */
export class AgentNetworks implements NetworkHost {
  private readonly client: NetworksClient;
  private readonly gate: Gate;

  constructor(connection: AgentConnection, gate: Gate) {
    this.client = connection.networks;
    this.gate = gate;
  }

  async apply(definition: NetworkDefinition, { signal }: CallOptions = {}): Promise<HostNetwork> {
    await this.gate.open(signal);
    const { client } = this;
    const request = { definition: toWireDefinition(definition) };
    const { network } = await unary(client.apply.bind(client), request, APPLY_DEADLINE, signal);
    if (network === undefined) throw new EngineError('internal', 'The agent answered without a network.');
    return fromWireNetwork(network);
  }

  async remove(id: string, { signal }: CallOptions = {}): Promise<void> {
    await this.gate.open(signal);
    const { client } = this;
    await unary(client.remove.bind(client), { id: toWireNetworkId(id) }, DEADLINE, signal);
  }

  async list({ signal }: CallOptions = {}): Promise<readonly HostNetwork[]> {
    await this.gate.open(signal);
    const { client } = this;
    const { networks } = await unary(client.list.bind(client), {}, DEADLINE, signal);
    return networks.map(fromWireNetwork);
  }

  async connect(
    containerId: string,
    endpoint: EndpointRequest,
    { signal }: CallOptions = {},
  ): Promise<Connected> {
    await this.gate.open(signal);
    const { client } = this;
    const request = { containerId, attachment: toWireEndpoint(endpoint) };
    const { address, ports } = await unary(client.connectContainer.bind(client), request, DEADLINE, signal);
    if (address === undefined) throw new EngineError('internal', 'The agent answered without an address.');
    return { address: fromWireAddress(address), ports: ports.map(fromWirePort) };
  }

  async disconnect(
    containerId: string,
    network: string,
    { signal }: CallOptions = {},
  ): Promise<readonly PublishedPort[]> {
    await this.gate.open(signal);
    const { client } = this;
    const request = { containerId, network: toWireNetworkId(network) };
    const { ports } = await unary(client.disconnectContainer.bind(client), request, DEADLINE, signal);
    return ports.map(fromWirePort);
  }

  async setNames(
    containerId: string,
    network: string,
    names: readonly string[],
    { signal }: CallOptions = {},
  ): Promise<void> {
    await this.gate.open(signal);
    const { client } = this;
    const request = { containerId, network: toWireNetworkId(network), names: [...names] };
    await unary(client.setNames.bind(client), request, DEADLINE, signal);
  }

  async probe(request: ProbeRequest, { signal }: CallOptions = {}): Promise<ProbeResult> {
    await this.gate.open(signal);
    const { client } = this;
    const deadline = request.timeoutMs + PROBE_GRACE;
    return fromWireProbe(await unary(client.probe.bind(client), toWireProbe(request), deadline, signal));
  }
}
