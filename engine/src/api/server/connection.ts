import { once } from 'node:events';
import { type IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { DockerError } from './failure.ts';

/** A body in front of a stream is a small document. */
const MAX_LEADING_BODY_BYTES = 1024 * 1024;

/** So long a body is read that nobody wants. */
const UNWANTED_BODY_MS = 10_000;

interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly lingerMs: number | undefined;
}

/** A response of its own on a connection that HTTP has let go of for an upgrade. */
export function responseOn(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  if (!(socket instanceof Socket)) throw new TypeError('A connection of this server is a net.Socket.');
  response.assignSocket(socket);
  response.once('finish', () => socket.end());
  return response;
}

/**
 * Takes a connection from Node's HTTP parser after a request without `Upgrade`, as docker's oldest clients send it: what
 * follows the head is the stream. The parser lets go of the connection once another listens for its data.
 */
export function takeConnection(request: IncomingMessage, response: ServerResponse): Duplex {
  const { socket } = request;
  response.detachSocket(socket);
  for (const event of ['data', 'end', 'drain', 'timeout']) socket.removeAllListeners(event);
  const release = (): void => undefined;
  socket.on('data', release);
  socket.off('data', release);
  socket.setTimeout(0);
  socket.pause();
  return socket;
}

/**
 * Refuses a request whose body is still coming. The refusal is sent at once; the connection is closed only when the body
 * is over, or has been for too long: closed before, the client would see it break, and no answer.
 */
export async function refuseEarly(
  request: IncomingMessage,
  response: ServerResponse,
  { status, message, lingerMs = UNWANTED_BODY_MS }: Refusal,
): Promise<void> {
  const body = Buffer.from(`${JSON.stringify({ message })}\n`);
  response.shouldKeepAlive = false;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.write(body);
  await bodyOver(request, lingerMs);
  response.end();
}

async function bodyOver(request: IncomingMessage, lingerMs: number): Promise<void> {
  const late = new AbortController();
  const deadline = setTimeout(() => late.abort(), lingerMs);
  const { signal } = late;
  try {
    request.resume();
    await Promise.race([once(request, 'end', { signal }), once(request, 'close', { signal })]);
  } catch {
    // Broken, or too long: it is closed.
  } finally {
    clearTimeout(deadline);
    late.abort();
  }
}

/** The body that an upgrade has in front of its stream, by its length; what follows it stays on the connection. */
export async function* leadingBody({ headers }: IncomingMessage, socket: Duplex): AsyncGenerator<Uint8Array> {
  if (headers['transfer-encoding'] !== undefined) {
    throw new DockerError(411, 'a request that upgrades its connection needs a Content-Length');
  }
  let missing = Number(headers['content-length'] ?? 0);
  if (missing > MAX_LEADING_BODY_BYTES) throw new DockerError(413, 'http: request body too large');
  if (missing === 0) return;
  for await (const piece of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    const body = piece.subarray(0, missing);
    missing -= body.length;
    if (piece.length > body.length) socket.unshift(piece.subarray(body.length));
    yield body;
    if (missing === 0) return;
  }
}

/** The head of the answer after which the connection is a stream. */
export function streamHead(contentType: string, isUpgrade: boolean): string {
  const lines = isUpgrade
    ? ['HTTP/1.1 101 UPGRADED', `Content-Type: ${contentType}`, 'Connection: Upgrade', 'Upgrade: tcp']
    : ['HTTP/1.1 200 OK', `Content-Type: ${contentType}`];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
