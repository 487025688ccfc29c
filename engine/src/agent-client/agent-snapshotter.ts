import { EngineError } from '../errors/index.ts';
import type { Digest } from '../oci/index.ts';
import type {
  LayerSource,
  Snapshot,
  Snapshotter,
  SnapshotterCallOptions,
  UnpackedLayer,
  UnpackOptions,
} from '../snapshots/index.ts';
import { exchanged, unary } from './calls.ts';
import type { AgentConnection } from './connection.ts';
import { fromWireSnapshot, toWireUnpackBegin } from './converters/snapshot.ts';
import type { Gate } from './gate.ts';
import { messagePieces } from './message-pieces.ts';
import type {
  CompressedData,
  SnapshotsClient,
  UnpackInput,
} from './generated/longshore/agent/v1/snapshots.ts';

/** Milliseconds. A layer of 50,000 files takes a while to remove. */
const REMOVE_DEADLINE = 300_000;
const LIST_DEADLINE = 30_000;

/** The layers of the agent, over gRPC; their bytes go by the disk that both sides see. */
export class AgentSnapshotter implements Snapshotter {
  private readonly client: SnapshotsClient;
  private readonly gate: Gate;

  constructor(connection: AgentConnection, gate: Gate) {
    this.client = connection.snapshots;
    this.gate = gate;
  }

  async unpack(
    layer: LayerSource,
    available: AsyncIterable<number>,
    { signal, onProgress }: UnpackOptions,
  ): Promise<UnpackedLayer> {
    await this.gate.open(signal);
    const messages = exchanged(this.client.unpack(), unpackInputs(layer, available), signal);
    for await (const { what } of messages) {
      if (what?.$case === 'unpackedBytes') onProgress?.(Number(what.value));
      if (what?.$case === 'done') {
        const { usageBytes, entries, existed } = what.value;
        return { usageBytes: Number(usageBytes), entries: existed ? 0 : Number(entries), existed };
      }
    }
    throw new EngineError('internal', 'The agent ended an unpack without an answer.', {
      detail: { step: 'unpack', path: layer.digest },
    });
  }

  async list({ signal }: SnapshotterCallOptions = {}): Promise<readonly Snapshot[]> {
    await this.gate.open(signal);
    const { client } = this;
    const { snapshots } = await unary(client.list.bind(client), {}, LIST_DEADLINE, signal);
    return snapshots.map(fromWireSnapshot);
  }

  async remove(
    chainIds: readonly Digest[],
    { signal }: SnapshotterCallOptions = {},
  ): Promise<{ readonly freedBytes: number }> {
    await this.gate.open(signal);
    const { client } = this;
    const request = { chainIds: [...chainIds] };
    const { freedBytes } = await unary(client.remove.bind(client), request, REMOVE_DEADLINE, signal);
    return { freedBytes: Number(freedBytes) };
  }

  async *decompress(
    bytes: AsyncIterable<Uint8Array>,
    { signal }: SnapshotterCallOptions = {},
  ): AsyncIterable<Uint8Array> {
    await this.gate.open(signal);
    const answers = exchanged(this.client.decompress(), compressedInputs(bytes), signal);
    for await (const { data } of answers) yield data;
  }
}

async function* compressedInputs(bytes: AsyncIterable<Uint8Array>): AsyncIterable<CompressedData> {
  for await (const data of messagePieces(bytes)) yield { data };
}

async function* unpackInputs(
  layer: LayerSource,
  available: AsyncIterable<number>,
): AsyncIterable<UnpackInput> {
  yield toWireUnpackBegin(layer);
  for await (const bytes of available) yield { what: { $case: 'available', value: BigInt(bytes) } };
  yield { what: { $case: 'complete', value: {} } };
}
