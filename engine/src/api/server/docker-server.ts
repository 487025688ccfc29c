import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { VERSION } from '../../version.ts';
import type { ApiCall, ApiContext } from './api-call.ts';
import { readJson } from './body.ts';
import { leadingBody, refuseEarly, responseOn, streamHead, takeConnection } from './connection.ts';
import { DockerError, isBug, toDockerError } from './failure.ts';
import { HijackedStream } from './hijacked-stream.ts';
import { Query } from './query.ts';
import { type Reply, sendReply } from './reply.ts';
import type { Route, Router } from './router.ts';
import { MAX_VERSION, splitVersion, versionText } from './versions.ts';

/** Authorizations and filters come in headers and in the path. */
const MAX_HEADER_BYTES = 128 * 1024;

/** Who has not said in this time what he wants is not a client. */
const HEAD_DEADLINE_MS = 20_000;

/** Clients keep connections for later; one that is closed under a request looks like a crash to them. */
const IDLE_MS = 5 * 60_000;

export interface DockerServerOptions {
  /** Hears every failure that is a bug, once. */
  readonly onInternalError?: (operation: string, error: Error) => void;
  readonly headDeadlineMs?: number;
  /** So long the body of a refused request is read on. */
  readonly unwantedBodyMs?: number;
}

interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
  /** The connection, once the answer is a stream. */
  readonly take: () => Duplex;
  readonly isUpgrade: boolean;
}

/** Speaks HTTP as Docker's own server does; the routes say what. */
export class DockerServer implements AsyncDisposable {
  readonly http: Server;
  private readonly router: Router;
  private readonly context: ApiContext;
  private readonly options: DockerServerOptions;
  private readonly connections = new Set<Duplex>();

  constructor(router: Router, context: ApiContext, options: DockerServerOptions = {}) {
    this.router = router;
    this.context = context;
    this.options = options;
    const headersTimeout = options.headDeadlineMs ?? HEAD_DEADLINE_MS;
    this.http = createServer({
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout,
      connectionsCheckingInterval: Math.ceil(headersTimeout / 4),
      // An archive may take its time; small documents have a deadline of their own.
      requestTimeout: 0,
      // One that is missing is refused with a message, below.
      requireHostHeader: false,
      keepAliveTimeout: IDLE_MS,
    });
    this.http.on('connection', (socket) => {
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
    this.http.on('request', (request, response) => void this.onRequest(request, response));
    this.http.on('upgrade', (request, socket, head) => void this.onUpgrade(request, socket, head));
    this.http.on('clientError', refuseBadRequest);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.http.close(resolve));
    for (const socket of this.connections) socket.destroy();
    await closed;
  }

  private async onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const take = () => takeConnection(request, response);
    // Whoever leaves the body half read has still to answer on its connection.
    const bytes = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
    await this.during(response, request.socket, (signal) =>
      this.answer({ request, response, bytes, signal, take, isUpgrade: false }),
    );
  }

  private async onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // A connection that breaks tells it by its close as well.
    socket.on('error', () => undefined);
    if (head.length > 0) socket.unshift(head);
    const response = responseOn(request, socket);
    const take = () => {
      response.detachSocket(request.socket);
      return socket;
    };
    await this.during(response, socket, (signal) =>
      this.answer({ request, response, bytes: leadingBody(request, socket), signal, take, isUpgrade: true }),
    );
  }

  /** With a signal that fires when the client goes before it is done. */
  private async during(
    response: ServerResponse,
    socket: Duplex,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const abort = new AbortController();
    const gone = () => abort.abort();
    socket.once('close', gone);
    try {
      await work(abort.signal);
    } catch (thrown) {
      // After the head nothing can be said any more but that it broke off.
      if (!abort.signal.aborted && isBug(thrown)) this.report(response.req, thrown);
      socket.destroy();
    } finally {
      socket.off('close', gone);
    }
  }

  private async answer(asked: Asked): Promise<void> {
    const { request, response, signal } = asked;
    setCommonHeaders(response);
    try {
      const { route, call } = this.understand(asked);
      const reply = await route.handle(call);
      if (reply.kind === 'hijack') await this.converse(asked, reply);
      else await sendReply(response, reply);
    } catch (thrown) {
      if (response.headersSent || signal.aborted || request.socket.destroyed) throw thrown;
      if (isBug(thrown)) this.report(request, thrown);
      await this.refuse(asked, thrown);
    }
    // What was not read of a body is in the way of the next request.
    if (!asked.isUpgrade && !request.complete && !response.writableEnded) request.resume();
  }

  private understand({ request, bytes, signal }: Asked): { readonly route: Route; readonly call: ApiCall } {
    if (request.httpVersion === '1.1' && request.headers.host === undefined) {
      throw new DockerError(400, 'missing required Host header');
    }
    if (isOfWebPage(request.headers)) throw new DockerError(403, 'requests of web pages are not served');
    const [target, search] = splitOnce(request.url ?? '/', '?');
    const { version, path } = splitVersion(decode(target));
    const found = this.router.find(request.method ?? '', path, version);
    if (found === undefined) throw new DockerError(404, 'page not found');
    const { headers } = request;
    const call: ApiCall = {
      ...this.context,
      version,
      name: found.name,
      query: new Query(new URLSearchParams(search)),
      headers,
      signal,
      body: bytes,
      json: (schema) => readJson({ headers, bytes }, schema),
    };
    return { route: found.route, call };
  }

  private async converse(
    { signal, take, isUpgrade }: Asked,
    reply: Extract<Reply, { kind: 'hijack' }>,
  ): Promise<void> {
    const socket = take();
    socket.write(streamHead(reply.contentType, isUpgrade));
    await reply.converse(new HijackedStream(socket, signal));
    // What the client still sends would keep the connection open: it is read, and dropped.
    socket.end();
    socket.resume();
  }

  private async refuse(asked: Asked, thrown: unknown): Promise<void> {
    const { request, response } = asked;
    const { status, message } = toDockerError(thrown);
    for (const name of ['content-type', 'x-docker-container-path-stat']) response.removeHeader(name);
    if (!asked.isUpgrade && !request.complete)
      await refuseEarly(request, response, { status, message, lingerMs: this.options.unwantedBodyMs });
    else if (status === 304 || request.method === 'HEAD')
      await sendReply(response, { kind: 'empty', status });
    else await sendReply(response, { kind: 'json', status, value: { message } });
  }

  private report(request: IncomingMessage, thrown: unknown): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const path = (request.url ?? '').split('?')[0] ?? '';
    this.options.onInternalError?.(`${request.method ?? ''} ${path}`, error);
  }
}

/** No browser reaches a unix socket but by a proxy that somebody has put in front of it: that one would say so. */
function isOfWebPage({ origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  return origin !== undefined || site !== undefined;
}

function setCommonHeaders(response: ServerResponse): void {
  response.setHeader('Api-Version', versionText(MAX_VERSION));
  response.setHeader('Docker-Experimental', 'false');
  response.setHeader('Ostype', 'linux');
  response.setHeader('Server', `Longshore/${VERSION} (linux)`);
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(path: string): string {
  try {
    const decoded = decodeURIComponent(path);
    if (!decoded.includes('\0')) return decoded;
  } catch {
    // Refused below, as any other path that is none.
  }
  throw new DockerError(400, 'invalid path');
}

/** What Node's parser did not take for HTTP. */
function refuseBadRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, message] = PARSER_REFUSALS[error.code ?? ''] ?? [
    '400 Bad Request',
    'malformed HTTP request',
  ];
  const body = `${JSON.stringify({ message })}\n`;
  const head = [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

const PARSER_REFUSALS: Readonly<Record<string, readonly [status: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'the request head is too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'the request did not arrive in time'],
};
