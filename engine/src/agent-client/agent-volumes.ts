import type {
  CallOptions,
  StoredTrash,
  StoredVolume,
  TrashPurge,
  VolumeSpec,
  VolumeStore,
} from '../runtime/index.ts';
import type { VolumeUsage } from '../types/index.ts';
import { received, sent, unary } from './calls.ts';
import type { AgentConnection } from './connection.ts';
import {
  fromWireSpec,
  fromWireStored,
  fromWireTrashed,
  fromWireVolumeUsage,
  toWirePurge,
  toWireSpec,
} from './converters/volumes.ts';
import type { Gate } from './gate.ts';
import type { ImportVolumeRequest, VolumesClient } from './generated/longshore/agent/v1/volumes.ts';
import { messagePieces } from './message-pieces.ts';

/** Milliseconds. */
const DEADLINE = 30_000;
/** What copies, measures or deletes data takes as long as there is data. */
const LONG_DEADLINE = 24 * 60 * 60 * 1000;

/** The volumes of the agent, over gRPC. */
export class AgentVolumes implements VolumeStore {
  private readonly client: VolumesClient;
  private readonly gate: Gate;

  constructor(connection: AgentConnection, gate: Gate) {
    this.client = connection.volumes;
    this.gate = gate;
  }

  async create(spec: VolumeSpec, { signal }: CallOptions = {}): Promise<boolean> {
    await this.gate.open(signal);
    const { client } = this;
    const request = { spec: toWireSpec(spec) };
    return (await unary(client.create.bind(client), request, DEADLINE, signal)).created;
  }

  async list({ signal }: CallOptions = {}): Promise<readonly StoredVolume[]> {
    await this.gate.open(signal);
    const { client } = this;
    const { volumes } = await unary(client.list.bind(client), {}, DEADLINE, signal);
    return volumes.map(fromWireStored);
  }

  async remove(name: string, trashId: string | null, { signal }: CallOptions = {}): Promise<number> {
    await this.gate.open(signal);
    const { client } = this;
    const request = { name, trashId: trashId ?? '' };
    return Number((await unary(client.remove.bind(client), request, LONG_DEADLINE, signal)).freedBytes);
  }

  async copyUp(
    name: string,
    chainIds: readonly string[],
    path: string,
    { signal }: CallOptions = {},
  ): Promise<boolean> {
    await this.gate.open(signal);
    const { client } = this;
    const request = { name, chainIds: [...chainIds], path };
    return (await unary(client.copyUp.bind(client), request, LONG_DEADLINE, signal)).copied;
  }

  async clone(source: string, spec: VolumeSpec, { signal }: CallOptions = {}): Promise<void> {
    await this.gate.open(signal);
    const { client } = this;
    await unary(client.clone.bind(client), { source, spec: toWireSpec(spec) }, LONG_DEADLINE, signal);
  }

  async empty(name: string, trashId: string, { signal }: CallOptions = {}): Promise<boolean> {
    await this.gate.open(signal);
    const { client } = this;
    return (await unary(client.empty.bind(client), { name, trashId }, DEADLINE, signal)).trashed;
  }

  async import(
    spec: VolumeSpec,
    trashId: string | null,
    archive: AsyncIterable<Uint8Array>,
    { signal }: CallOptions = {},
  ): Promise<void> {
    await this.gate.open(signal);
    await sent((done) => this.client.import(done), importRequests(spec, trashId, archive), signal);
  }

  async *export(name: string, { signal }: CallOptions = {}): AsyncIterable<Uint8Array> {
    await this.gate.open(signal);
    for await (const { data } of received(this.client.export({ name }), signal)) yield data;
  }

  async *usage(names: readonly string[], { signal }: CallOptions = {}): AsyncIterable<VolumeUsage> {
    await this.gate.open(signal);
    const call = this.client.usage({ names: [...names] });
    for await (const usage of received(call, signal)) yield fromWireVolumeUsage(usage);
  }

  async trash({ signal }: CallOptions = {}): Promise<readonly StoredTrash[]> {
    await this.gate.open(signal);
    const { client } = this;
    const { volumes } = await unary(client.trash.bind(client), {}, LONG_DEADLINE, signal);
    return volumes.map(fromWireTrashed);
  }

  async restore(trashId: string, name: string | null, { signal }: CallOptions = {}): Promise<VolumeSpec> {
    await this.gate.open(signal);
    const { client } = this;
    const request = { trashId, name: name ?? '' };
    return fromWireSpec((await unary(client.restore.bind(client), request, DEADLINE, signal)).spec);
  }

  async purge(
    what: TrashPurge,
    { signal }: CallOptions = {},
  ): Promise<{ readonly ids: readonly string[]; readonly freedBytes: number }> {
    await this.gate.open(signal);
    const { client } = this;
    const request = toWirePurge(what);
    const { trashIds, freedBytes } = await unary(client.purge.bind(client), request, LONG_DEADLINE, signal);
    return { ids: trashIds, freedBytes: Number(freedBytes) };
  }
}

async function* importRequests(
  spec: VolumeSpec,
  trashId: string | null,
  archive: AsyncIterable<Uint8Array>,
): AsyncIterable<ImportVolumeRequest> {
  const begin = { spec: toWireSpec(spec), trashId: trashId ?? '' };
  yield { what: { $case: 'begin', value: begin } };
  for await (const value of messagePieces(archive)) yield { what: { $case: 'data', value } };
}
