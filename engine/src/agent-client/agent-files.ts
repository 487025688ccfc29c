import { EngineError } from '../errors/index.ts';
import type {
  CallOptions,
  ContainerFiles,
  ContainerTarget,
  FilesTarget,
  WriteArchiveOptions,
} from '../runtime/index.ts';
import type { ArchivePiece, ContainerUsage, DirectoryEntry, FileChange, PathStat } from '../types/index.ts';
import { received, sent, unary } from './calls.ts';
import type { AgentConnection } from './connection.ts';
import {
  fromWireArchive,
  fromWireChanges,
  fromWireDirectory,
  fromWireStat,
  toWireFiles,
  toWireTarget,
} from './converters/files.ts';
import type { Gate } from './gate.ts';
import { messagePieces } from './message-pieces.ts';
import type {
  FilesClient,
  PathStat as WireStat,
  WriteArchiveRequest,
} from './generated/longshore/agent/v1/files.ts';

const STAT_DEADLINE_MS = 15_000;
/** A great tree takes a while to go. */
const REMOVE_DEADLINE_MS = 600_000;

/** The files of the agent's containers, over gRPC. */
export class AgentFiles implements ContainerFiles {
  private readonly client: FilesClient;
  private readonly gate: Gate;

  constructor(connection: AgentConnection, gate: Gate) {
    this.client = connection.files;
    this.gate = gate;
  }

  async *changes(
    target: ContainerTarget,
    { signal }: CallOptions = {},
  ): AsyncIterable<readonly FileChange[]> {
    await this.gate.open(signal);
    for await (const batch of received(this.client.changes(toWireTarget(target)), signal))
      yield fromWireChanges(batch);
  }

  async stat(target: FilesTarget, path: string, { signal }: CallOptions = {}): Promise<PathStat> {
    await this.gate.open(signal);
    const { client } = this;
    const request = { ...toWireFiles(target), path };
    return statOf(await unary(client.stat.bind(client), request, STAT_DEADLINE_MS, signal));
  }

  async *list(
    target: FilesTarget,
    path: string,
    { signal }: CallOptions = {},
  ): AsyncIterable<readonly DirectoryEntry[]> {
    await this.gate.open(signal);
    const call = this.client.listDirectory({ ...toWireFiles(target), path });
    for await (const batch of received(call, signal)) yield fromWireDirectory(batch);
  }

  async remove(
    target: FilesTarget,
    path: string,
    recursive: boolean,
    { signal }: CallOptions = {},
  ): Promise<void> {
    await this.gate.open(signal);
    const { client } = this;
    const request = { ...toWireFiles(target), path, recursive };
    await unary(client.removePath.bind(client), request, REMOVE_DEADLINE_MS, signal);
  }

  async makeDirectory(
    target: FilesTarget,
    path: string,
    mode: number,
    { signal }: CallOptions = {},
  ): Promise<PathStat> {
    await this.gate.open(signal);
    const { client } = this;
    const request = { ...toWireFiles(target), path, mode };
    return statOf(await unary(client.makeDirectory.bind(client), request, STAT_DEADLINE_MS, signal));
  }

  async rename(
    target: FilesTarget,
    path: string,
    newPath: string,
    { signal }: CallOptions = {},
  ): Promise<PathStat> {
    await this.gate.open(signal);
    const { client } = this;
    const request = { ...toWireFiles(target), path, newPath };
    return statOf(await unary(client.renamePath.bind(client), request, STAT_DEADLINE_MS, signal));
  }

  async *readArchive(
    target: FilesTarget,
    path: string,
    { signal }: CallOptions = {},
  ): AsyncIterable<ArchivePiece> {
    await this.gate.open(signal);
    const call = this.client.readArchive({ ...toWireFiles(target), path });
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

  async *export(target: ContainerTarget, { signal }: CallOptions = {}): AsyncIterable<Uint8Array> {
    await this.gate.open(signal);
    for await (const { data } of received(this.client.export(toWireTarget(target)), signal)) yield data;
  }

  async *layer(target: ContainerTarget, { signal }: CallOptions = {}): AsyncIterable<Uint8Array> {
    await this.gate.open(signal);
    for await (const { data } of received(this.client.layer(toWireTarget(target)), signal)) yield data;
  }

  async *usage(ids: readonly string[], { signal }: CallOptions = {}): AsyncIterable<ContainerUsage> {
    await this.gate.open(signal);
    for await (const usage of received(this.client.usage({ ids: [...ids] }), signal)) {
      const { id, writableBytes, logBytes } = usage;
      yield { id, writableBytes: Number(writableBytes), logBytes: Number(logBytes) };
    }
  }
}

function statOf({ stat }: { readonly stat: WireStat | undefined }): PathStat {
  if (stat === undefined) throw new EngineError('internal', 'The agent answered without a stat.');
  return fromWireStat(stat);
}

async function* writeRequests(
  target: FilesTarget,
  path: string,
  archive: AsyncIterable<Uint8Array>,
  { noOverwriteDirNonDir, owner }: WriteArchiveOptions,
): AsyncIterable<WriteArchiveRequest> {
  const ownership = { copyUidGid: owner !== null, user: owner ?? '' };
  const begin = { ...toWireFiles(target), path, noOverwriteDirNonDir, ...ownership };
  yield { what: { $case: 'begin', value: begin } };
  for await (const value of messagePieces(archive)) yield { what: { $case: 'data', value } };
}
