import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { HijackedStream } from './hijacked-stream.ts';

type Headers = Readonly<Record<string, string>>;

/** What a route answers. */
export type Reply =
  | { readonly kind: 'json'; readonly status: number; readonly value: unknown; readonly headers?: Headers }
  /** JSON that is written already. */
  | {
      readonly kind: 'written-json';
      readonly status: number;
      readonly text: string;
      readonly headers?: Headers;
    }
  | { readonly kind: 'text'; readonly status: number; readonly text: string; readonly headers?: Headers }
  | { readonly kind: 'empty'; readonly status: number; readonly headers?: Headers }
  | StreamReply
  | HijackReply;

export interface StreamReply {
  readonly kind: 'stream';
  readonly contentType: string;
  readonly headers?: Headers;
  /** A failure before its first piece is an answer of its own; a later one breaks the connection off. */
  readonly body: AsyncIterable<Uint8Array | string>;
  /** The head is sent before the first piece is there: clients wait for it. */
  readonly headAtOnce?: boolean;
}

/** The connection becomes a stream in both directions, until `converse` is done. */
export interface HijackReply {
  readonly kind: 'hijack';
  readonly contentType: string;
  converse(stream: HijackedStream): Promise<void>;
}

export function json(value: unknown, status = 200): Reply {
  return { kind: 'json', status, value };
}

export function writtenJson(text: string): Reply {
  return { kind: 'written-json', status: 200, text };
}

export function noContent(status = 204): Reply {
  return { kind: 'empty', status };
}

/** Sends anything but a hijack. Resolves when it is sent, or the client has gone. */
export async function sendReply(response: ServerResponse, reply: Exclude<Reply, HijackReply>): Promise<void> {
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  switch (reply.kind) {
    case 'empty':
      sendNothing(response, reply.status);
      return;
    case 'text':
      sendWhole(response, reply.status, 'text/plain; charset=utf-8', reply.text);
      return;
    case 'json':
      sendJson(response, reply.status, JSON.stringify(reply.value));
      return;
    case 'written-json':
      sendJson(response, reply.status, reply.text);
      return;
    case 'stream':
      await sendStream(response, reply);
  }
}

/** What could have a body says that it has none: a chunked one looks like an answer to clients. */
function sendNothing(response: ServerResponse, status: number): void {
  const isBodiless = status === 204 || status === 304;
  response.writeHead(status, isBodiless ? {} : { 'content-length': 0 }).end();
}

/** With a line feed behind it, as Go's encoder writes. */
function sendJson(response: ServerResponse, status: number, text: string): void {
  sendWhole(response, status, 'application/json', `${text}\n`);
}

function sendWhole(response: ServerResponse, status: number, contentType: string, text: string): void {
  const body = Buffer.from(text);
  response.writeHead(status, { 'content-type': contentType, 'content-length': body.length }).end(body);
}

async function sendStream(response: ServerResponse, reply: StreamReply): Promise<void> {
  const begin = (): void => {
    if (response.headersSent) return;
    response.writeHead(200, { 'content-type': reply.contentType });
    response.flushHeaders();
  };
  if (reply.headAtOnce === true) begin();
  for await (const piece of reply.body) {
    begin();
    if (response.destroyed) return;
    if (!response.write(piece)) await drained(response);
  }
  begin();
  response.end();
}

/** Until there is room again, or nobody who needs it. */
async function drained(response: ServerResponse): Promise<void> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  } finally {
    settled.abort();
  }
}
