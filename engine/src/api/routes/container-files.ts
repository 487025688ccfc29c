import { isEngineError } from '../../errors/index.ts';
import type { ArchivePiece, ContainerDetails, PathStat } from '../../types/index.ts';
import type { ApiCall } from '../server/api-call.ts';
import { DockerError } from '../server/failure.ts';
import { json, noContent, type Reply } from '../server/reply.ts';
import { upload } from '../streams/upload.ts';
import { pathStatHeader } from '../wire/path-stat.ts';
import { find } from './container-life.ts';

const TAR = 'application/x-tar';

const CHANGE_KINDS = { modified: 0, added: 1, deleted: 2 } as const;

export async function containerChanges(call: ApiCall): Promise<Reply> {
  const { id } = await find(call);
  const changes: object[] = [];
  for await (const batch of call.engine.containers.changes({ container: id }, { signal: call.signal })) {
    for (const { path, kind } of batch) changes.push({ Path: path, Kind: CHANGE_KINDS[kind] });
  }
  return json(changes.length === 0 ? null : changes);
}

export async function exportContainer(call: ApiCall): Promise<Reply> {
  const { id } = await find(call);
  const body = call.engine.containers.export({ container: id }, { signal: call.signal });
  return { kind: 'stream', contentType: 'application/octet-stream', body };
}

export async function statArchive(call: ApiCall): Promise<Reply> {
  const path = pathOf(call);
  const { id } = await find(call);
  const stat = await call.engine.containers
    .statPath({ container: id, path }, { signal: call.signal })
    .catch((thrown: unknown) => Promise.reject(pathFailure(call, thrown, path) as Error));
  return { kind: 'empty', status: 200, headers: statHeaders(stat) };
}

/** The stat comes first, and in the head: what follows it is the archive. */
export async function readArchive(call: ApiCall): Promise<Reply> {
  const path = pathOf(call);
  const { id } = await find(call);
  const pieces = call.engine.containers.readArchive({ container: id, path }, { signal: call.signal });
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator
    .next()
    .catch((thrown: unknown) => Promise.reject(pathFailure(call, thrown, path) as Error));
  if (first.done === true || first.value.kind !== 'stat')
    throw new Error('An archive began without its stat.');
  const rest = { [Symbol.asyncIterator]: () => iterator };
  return { kind: 'stream', contentType: TAR, headers: statHeaders(first.value.stat), body: dataOf(rest) };
}

export async function writeArchive(call: ApiCall): Promise<Reply> {
  const { engine, query, signal } = call;
  const path = pathOf(call);
  const { id, spec } = await find(call);
  const input = {
    container: id,
    path,
    noOverwriteDirNonDir: query.flag('noOverwriteDirNonDir'),
    copyUidGid: query.flag('copyUIDGID'),
  };
  try {
    for await (const _ of upload(engine.containers.writeArchive(input, { signal }), call.body));
  } catch (thrown) {
    if (isEngineError(thrown) && thrown.detail.errno === 'EROFS') throw readOnly(spec, path, thrown);
    throw pathFailure(call, thrown, path);
  }
  return noContent(200);
}

function pathOf({ query }: ApiCall): string {
  const path = query.text('path');
  if (path === undefined) throw new DockerError(400, 'path cannot be empty');
  return path;
}

function statHeaders(stat: PathStat): Readonly<Record<string, string>> {
  return { 'X-Docker-Container-Path-Stat': pathStatHeader(stat) };
}

async function* dataOf(pieces: AsyncIterable<ArchivePiece>): AsyncIterable<Uint8Array> {
  for await (const piece of pieces) if (piece.kind === 'data') yield piece.data;
}

function readOnly({ mounts }: ContainerDetails['spec'], path: string, cause: unknown): DockerError {
  const isMounted = mounts.some(({ target }) => path === target || path.startsWith(`${target}/`));
  const what = isMounted ? 'mounted volume' : 'container rootfs';
  return new DockerError(403, `${what} is marked read-only`, { cause });
}

function pathFailure({ name }: ApiCall, thrown: unknown, path: string): unknown {
  if (!isEngineError(thrown, 'not-found')) return thrown;
  return new DockerError(404, `Could not find the file ${path} in container ${name}`, { cause: thrown });
}
