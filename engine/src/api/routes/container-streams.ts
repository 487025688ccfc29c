import type { LogBatch } from '../../types/index.ts';
import type { ApiCall } from '../server/api-call.ts';
import { DockerError } from '../server/failure.ts';
import { json, noContent, type Reply } from '../server/reply.ts';
import { frame, streamContentType } from '../streams/frames.ts';
import { detachKeysOf, Session } from '../streams/session.ts';
import { statsJson } from '../wire/stats.ts';
import { processTable } from '../wire/process-table.ts';
import { find } from './container-life.ts';

export async function attachContainer(call: ApiCall): Promise<Reply> {
  const { engine, query, signal, version } = call;
  const detachKeys = detachKeysOf(query.text('detachKeys'));
  const { id, spec, state } = await find(call);
  if (state.status === 'paused') {
    throw new DockerError(409, `container ${id} is paused, unpause the container before attach`);
  }
  const stdout = query.flag('stdout');
  const stderr = query.flag('stderr');
  const before = query.flag('logs')
    ? logPieces(call, { id, follow: false, stdout, stderr, tty: spec.tty })
    : undefined;
  const contentType = streamContentType(version, !spec.tty);
  if (!query.flag('stream')) return { kind: 'stream', contentType, body: before ?? nothing() };
  const beforeStart = state.status !== 'running';
  const stdin = query.flag('stdin') && spec.openStdin;
  const input = { container: id, stdin, stdout, stderr, beforeStart };
  const { session } = await Session.open(engine.containers.attach(input, { signal }));
  // A terminal has no end of input but what is typed.
  const endsStdin = !spec.tty && spec.stdinOnce !== false;
  const options = { tty: spec.tty, stdin, detachKeys, endsStdin, beforeStart, ...(before && { before }) };
  return { kind: 'hijack', contentType, converse: (stream) => session.converse(stream, options) };
}

export async function containerLogs(call: ApiCall): Promise<Reply> {
  const { query, version } = call;
  const stdout = query.flag('stdout');
  const stderr = query.flag('stderr');
  if (!stdout && !stderr) {
    throw new DockerError(400, 'Bad parameters: you must choose at least one stream');
  }
  const { id, spec } = await find(call);
  const body = logPieces(call, { id, follow: query.flag('follow'), stdout, stderr, tty: spec.tty });
  return { kind: 'stream', contentType: streamContentType(version, !spec.tty), headAtOnce: true, body };
}

interface LogOptions {
  readonly id: string;
  readonly follow: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

function logPieces(call: ApiCall, { id, tty, ...streams }: LogOptions): AsyncIterable<Uint8Array> {
  const { engine, query, signal } = call;
  const since = query.moment('since');
  const until = query.moment('until');
  const input = {
    container: id,
    ...streams,
    ...tail(query.text('tail')),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
  const prefix = { timestamps: query.flag('timestamps'), details: query.flag('details') };
  return encoded(engine.containers.logs(input, { signal }), tty, prefix);
}

/** A whole number of lines; `all`, and anything below nothing, is all. */
function tail(text: string | undefined): { readonly tail?: number } {
  return text !== undefined && /^\d{1,9}$/.test(text) ? { tail: Number(text) } : {};
}

interface LogPrefix {
  readonly timestamps: boolean;
  /** What the log's driver adds to a line: nothing, and a blank behind it. */
  readonly details: boolean;
}

async function* encoded(
  batches: AsyncIterable<LogBatch>,
  tty: boolean,
  { timestamps, details }: LogPrefix,
): AsyncIterable<Uint8Array> {
  for await (const { records } of batches) {
    const pieces = records.map(({ at, stream, data }) => {
      const prefix = `${timestamps ? `${at} ` : ''}${details ? ' ' : ''}`;
      const line = prefix === '' ? data : Buffer.concat([Buffer.from(prefix), data]);
      return tty ? line : frame(stream, line);
    });
    if (pieces.length > 0) yield Buffer.concat(pieces);
  }
}

async function* nothing(): AsyncIterable<Uint8Array> {
  // Neither what was nor what will be is asked for.
}

export async function resizeContainer({ engine, name, query }: ApiCall): Promise<Reply> {
  await engine.containers.resize({ container: name, size: sizeOf(query) });
  return noContent(200);
}

export function sizeOf(query: ApiCall['query']): { readonly columns: number; readonly rows: number } {
  const rows = query.integer('h') ?? 0;
  const columns = query.integer('w') ?? 0;
  if (rows < 1 || columns < 1 || rows > 10_000 || columns > 10_000) {
    throw new DockerError(400, 'invalid size of the terminal: h and w are whole numbers above 0');
  }
  return { columns, rows };
}

export async function containerStats(call: ApiCall): Promise<Reply> {
  const { engine, query, signal } = call;
  const stream = query.flag('stream', true);
  const oneShot = query.flag('one-shot');
  if (stream && oneShot) throw new DockerError(400, 'cannot have stream=true and one-shot=true');
  const { id, name, state } = await find(call);
  if (state.pid === null && !stream) return json(statsJson({ id, name, stats: null, before: null }));
  const batches = engine.containers.stats({ containers: [id] }, { signal });
  async function* lines(): AsyncIterable<string> {
    let before = null;
    for await (const { containers } of batches) {
      const [stats] = containers;
      if (stats === undefined) {
        // It has ended; docker's clients show zeros until it runs again.
        yield line({ id, name, stats: null, before: null });
        before = null;
      } else {
        // Of one answer alone the load is computed from both readings.
        const isReady = stream || oneShot || before !== null;
        if (isReady) yield line({ id, name, stats, before });
        before = stats;
        if (!isReady) continue;
      }
      if (!stream) return;
    }
  }
  return { kind: 'stream', contentType: 'application/json', headAtOnce: stream, body: lines() };
}

function line(reading: Parameters<typeof statsJson>[0]): string {
  return `${JSON.stringify(statsJson(reading))}\n`;
}

export async function topContainer(call: ApiCall): Promise<Reply> {
  const { engine, query, signal } = call;
  const { id, state } = await find(call);
  if (state.pid === null) throw new DockerError(409, `container ${id} is not running`);
  const { processes } = await engine.containers.processes({ container: id }, { signal });
  return json(processTable(processes, query.text('ps_args') ?? '-ef'));
}
