import type {
  AttachRequest,
  CallOptions,
  ExecRequest,
  LogQuery,
  OciResources,
  ResizeRequest,
  RunRequest,
  RunResult,
  Runtime,
  RuntimeEvent,
  RuntimeListing,
  RuntimeStatsBatch,
  StatsQuery,
} from '../runtime/index.ts';
import type { ContainerProcesses, LogBatch, ProcessInput, ProcessOutput } from '../types/index.ts';
import { exchanged, received, unary } from './calls.ts';
import type { AgentConnection } from './connection.ts';
import { fromWireEvent, fromWireListing } from './converters/event.ts';
import { fromWireLogs, toWireLogs } from './converters/logs.ts';
import {
  fromWireOutput,
  toWireAttachBegin,
  toWireExecBegin,
  toWireInput,
  toWireSize,
} from './converters/process.ts';
import { fromWireProcesses } from './converters/processes.ts';
import { fromWireRun, toWireRun } from './converters/run.ts';
import { fromWireStats, toWireStats } from './converters/stats.ts';
import type { Gate } from './gate.ts';
import type { RuntimeClient } from './generated/longshore/agent/v1/runtime.ts';

/** Milliseconds. A start may have to wait for a slow disk; the rest is a matter of the kernel. */
const RUN_DEADLINE = 120_000;
const DELETE_DEADLINE = 60_000;
const DEADLINE = 15_000;

/** The runtime of the agent, over gRPC. */
export class AgentRuntime implements Runtime {
  private readonly client: RuntimeClient;
  private readonly gate: Gate;

  constructor(connection: AgentConnection, gate: Gate) {
    this.client = connection.runtime;
    this.gate = gate;
  }

  async run(request: RunRequest, { signal }: CallOptions = {}): Promise<RunResult> {
    await this.gate.open(signal);
    const { client } = this;
    return fromWireRun(await unary(client.run.bind(client), toWireRun(request), RUN_DEADLINE, signal));
  }

  async signal(id: string, signal: number, options: CallOptions = {}): Promise<void> {
    await this.gate.open(options.signal);
    const { client } = this;
    await unary(client.signal.bind(client), { id, signal, execId: '' }, DEADLINE, options.signal);
  }

  async signalExec(id: string, execId: string, signal: number, options: CallOptions = {}): Promise<void> {
    await this.gate.open(options.signal);
    const { client } = this;
    await unary(client.signal.bind(client), { id, signal, execId }, DEADLINE, options.signal);
  }

  async pause(id: string, { signal }: CallOptions = {}): Promise<void> {
    await this.gate.open(signal);
    const { client } = this;
    await unary(client.pause.bind(client), { id }, DEADLINE, signal);
  }

  async resume(id: string, { signal }: CallOptions = {}): Promise<void> {
    await this.gate.open(signal);
    const { client } = this;
    await unary(client.resume.bind(client), { id }, DEADLINE, signal);
  }

  async update(id: string, resources: OciResources, { signal }: CallOptions = {}): Promise<void> {
    await this.gate.open(signal);
    const { client } = this;
    const request = { id, ociResources: Buffer.from(JSON.stringify(resources)) };
    await unary(client.update.bind(client), request, DEADLINE, signal);
  }

  async processes(id: string, { signal }: CallOptions = {}): Promise<ContainerProcesses> {
    await this.gate.open(signal);
    const { client } = this;
    return fromWireProcesses(await unary(client.processes.bind(client), { id }, DEADLINE, signal));
  }

  async *stats(query: StatsQuery, { signal }: CallOptions = {}): AsyncIterable<RuntimeStatsBatch> {
    await this.gate.open(signal);
    for await (const batch of received(this.client.stats(toWireStats(query)), signal))
      yield fromWireStats(batch);
  }

  async delete(id: string, force: boolean, { signal }: CallOptions = {}): Promise<void> {
    await this.gate.open(signal);
    const { client } = this;
    await unary(client.delete.bind(client), { id, force }, DELETE_DEADLINE, signal);
  }

  async *exec(
    request: ExecRequest,
    input: AsyncIterable<ProcessInput>,
    { signal }: CallOptions = {},
  ): AsyncIterable<ProcessOutput> {
    await this.gate.open(signal);
    const requests = beginning(toWireExecBegin(request), input);
    yield* outputs(exchanged(this.client.exec(), requests, signal));
  }

  async *attach(
    request: AttachRequest,
    input: AsyncIterable<ProcessInput>,
    { signal }: CallOptions = {},
  ): AsyncIterable<ProcessOutput> {
    await this.gate.open(signal);
    const requests = beginning(toWireAttachBegin(request), input);
    yield* outputs(exchanged(this.client.attach(), requests, signal));
  }

  async resize({ containerId, execId, size }: ResizeRequest, { signal }: CallOptions = {}): Promise<void> {
    await this.gate.open(signal);
    const { client } = this;
    const request = { containerId, execId: execId ?? '', size: toWireSize(size) };
    await unary(client.resize.bind(client), request, DEADLINE, signal);
  }

  async *logs(query: LogQuery, { signal }: CallOptions = {}): AsyncIterable<LogBatch> {
    await this.gate.open(signal);
    for await (const batch of received(this.client.logs(toWireLogs(query)), signal))
      yield fromWireLogs(batch);
  }

  async list({ signal }: CallOptions = {}): Promise<RuntimeListing> {
    await this.gate.open(signal);
    const { client } = this;
    return fromWireListing(await unary(client.list.bind(client), {}, DEADLINE, signal));
  }

  async *events(afterSeq: number, { signal }: CallOptions = {}): AsyncIterable<RuntimeEvent> {
    await this.gate.open(signal);
    for await (const message of received(this.client.events({ afterSeq: BigInt(afterSeq) }), signal)) {
      const event = fromWireEvent(message);
      if (event !== null) yield event;
    }
  }

  reachable(signal: AbortSignal): Promise<void> {
    return this.gate.opened(signal);
  }
}

type WireInput = ReturnType<typeof toWireInput>;

async function* beginning<B>(begin: B, input: AsyncIterable<ProcessInput>): AsyncIterable<B | WireInput> {
  yield begin;
  for await (const value of input) yield toWireInput(value);
}

async function* outputs(
  messages: AsyncIterable<Parameters<typeof fromWireOutput>[0]>,
): AsyncIterable<ProcessOutput> {
  for await (const message of messages) {
    const output = fromWireOutput(message);
    if (output !== null) yield output;
  }
}
