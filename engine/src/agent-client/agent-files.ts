import { EngineError } from '../errors/index.ts';
import type { CallOptions, ContainerFiles, FilesTarget, WriteArchiveOptions } from '../runtime/index.ts';
import type { ArchivePiece, FileChange, PathStat } from '../types/index.ts';
import { received, sent, unary } from './calls.ts';
import type { AgentConnection } from './connection.ts';
import { fromWireArchive, fromWireChanges, fromWireStat, toWireTarget } from './converters/files.ts';
import type { Gate } from './gate.ts';
import type { FilesClient, WriteArchiveRequest } from './generated/longshore/agent/v1/files.ts';

const STAT_DEADLINE_MS = 15_000;

/** Well below what gRPC takes in one message. */
const MAX_PIECE_BYTES = 1024 * 1024;

/** The files of the agent's containers, over gRPC. */
export class AgentFiles implements ContainerFiles {
  private readonly client: FilesClient;
  private readonly gate: Gate;

  constructor(connection: AgentConnection, gate: Gate) {
    this.client = connection.files;
    this.gate = gate;
  }

  async *changes(target: FilesTarget, { signal }: CallOptions = {}): AsyncIterable<readonly FileChange[]> {
    await this.gate.open(signal);
    for await (const batch of received(this.client.changes(toWireTarget(target)), signal))
      yield fromWireChanges(batch);
  }

  async stat(target: FilesTarget, path: string, { signal }: CallOptions = {}): Promise<PathStat> {
    await this.gate.open(signal);
    const { client } = this;
    const request = { ...toWireTarget(target), path };
    const { stat } = await unary(client.stat.bind(client), request, STAT_DEADLINE_MS, signal);
    if (stat === undefined) throw new EngineError('internal', 'The agent answered without a stat.');
    return fromWireStat(stat);
  }

  async *readArchive(
    target: FilesTarget,
    path: string,
    { signal }: CallOptions = {},
  ): AsyncIterable<ArchivePiece> {
    await this.gate.open(signal);
    const call = this.client.readArchive({ ...toWireTarget(target), path });
    for await (const message of received(call, signal)) {
      const piece = fromWireArchive(message);
      if (piece !== null) yield piece;
    }
  }

  async writeArchive(
    target: FilesTarget,
    path: string,
    archive: AsyncIterable<Uint8Array>,
    options: WriteArchiveOptions,
  ): Promise<void> {
    await this.gate.open(options.signal);
    const requests = writeRequests(target, path, archive, options);
    await sent((done) => this.client.writeArchive(done), requests, options.signal);
  }

  async *export(target: FilesTarget, { signal }: CallOptions = {}): AsyncIterable<Uint8Array> {
    await this.gate.open(signal);
    for await (const { data } of received(this.client.export(toWireTarget(target)), signal)) yield data;
  }

  async *layer(target: FilesTarget, { signal }: CallOptions = {}): AsyncIterable<Uint8Array> {
    await this.gate.open(signal);
    for await (const { data } of received(this.client.layer(toWireTarget(target)), signal)) yield data;
  }
}

async function* writeRequests(
  target: FilesTarget,
  path: string,
  archive: AsyncIterable<Uint8Array>,
  { noOverwriteDirNonDir, owner }: WriteArchiveOptions,
): AsyncIterable<WriteArchiveRequest> {
  const ownership = { copyUidGid: owner !== null, user: owner ?? '' };
  const begin = { ...toWireTarget(target), path, noOverwriteDirNonDir, ...ownership };
  yield { what: { $case: 'begin', value: begin } };
  for await (const data of archive) {
    for (let at = 0; at < data.byteLength; at += MAX_PIECE_BYTES) {
      const { buffer, byteOffset, byteLength } = data.subarray(at, at + MAX_PIECE_BYTES);
      yield { what: { $case: 'data', value: Buffer.from(buffer, byteOffset, byteLength) } };
    }
  }
}
