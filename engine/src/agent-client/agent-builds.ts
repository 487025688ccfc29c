import type {
  BuildHost,
  CallOptions,
  CommitLayerOrder,
  CommittedLayer,
  CopiedFile,
  FilesTarget,
  WalkedFile,
  WalkedRoot,
} from '../runtime/index.ts';
import { received, sent, unary } from './calls.ts';
import type { AgentConnection } from './connection.ts';
import { fromWireWalked, toWireCopy } from './converters/builds.ts';
import type { Gate } from './gate.ts';
import type { BuildsClient, CopyFilesRequest } from './generated/longshore/agent/v1/builds.ts';

/** A layer of many gigabytes is read and written to disk. */
const COMMIT_DEADLINE_MS = 3_600_000;
/** In one message. */
const COPIED_AT_ONCE = 2_000;

/** What builds need of the agent, over gRPC. */
export class AgentBuilds implements BuildHost {
  private readonly client: BuildsClient;
  private readonly gate: Gate;

  constructor(connection: AgentConnection, gate: Gate) {
    this.client = connection.builds;
    this.gate = gate;
  }

  async commitLayer(order: CommitLayerOrder, { signal }: CallOptions = {}): Promise<CommittedLayer> {
    await this.gate.open(signal);
    const { client } = this;
    const request = {
      id: order.id,
      rootfs: { chainIds: [...order.chainIds], readOnly: false },
      parentChainId: order.parent ?? '',
      latestMtimeUnixS: BigInt(order.latestMtime ?? -1),
    };
    const made = await unary(client.commitLayer.bind(client), request, COMMIT_DEADLINE_MS, signal);
    const { chainId, diffId, usageBytes, entries } = made;
    return { chainId, diffId, usageBytes: Number(usageBytes), entries: Number(entries) };
  }

  async *readLayer(chainId: string, { signal }: CallOptions = {}): AsyncIterable<Uint8Array> {
    await this.gate.open(signal);
    for await (const { data } of received(this.client.readLayer({ chainId }), signal)) yield data;
  }

  async walk(
    chainIds: readonly string[],
    path: string,
    digests: boolean,
    { signal }: CallOptions = {},
  ): Promise<WalkedRoot> {
    await this.gate.open(signal);
    const request = { rootfs: { chainIds: [...chainIds], readOnly: true }, path, digests };
    let resolved = path;
    const files: WalkedFile[] = [];
    for await (const { what } of received(this.client.walkRoot(request), signal)) {
      if (what?.$case === 'resolved') resolved = what.value;
      if (what?.$case === 'files') files.push(...what.value.files.map(fromWireWalked));
    }
    return { resolved, files };
  }

  async copy(
    from: readonly string[],
    files: readonly CopiedFile[],
    to: FilesTarget,
    owner: string | null,
    { signal }: CallOptions = {},
  ): Promise<void> {
    await this.gate.open(signal);
    const requests = copyRequests(from, files, to, owner);
    await sent((done) => this.client.copyFiles(done), requests, signal);
  }
}

async function* copyRequests(
  from: readonly string[],
  files: readonly CopiedFile[],
  to: FilesTarget,
  owner: string | null,
): AsyncIterable<CopyFilesRequest> {
  yield await Promise.resolve({ what: { $case: 'begin', value: toWireCopy(from, to, owner) } });
  for (let at = 0; at < files.length; at += COPIED_AT_ONCE) {
    const entries = files.slice(at, at + COPIED_AT_ONCE).map(({ source, target, mode }) => ({
      source,
      target,
      mode: mode ?? undefined,
    }));
    yield { what: { $case: 'entries', value: { entries } } };
  }
}
