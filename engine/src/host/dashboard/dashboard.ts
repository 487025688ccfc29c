import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { contract, type EngineHandlers, serve, type ServeOptions } from '../../contract/index.ts';
import { EngineError } from '../../errors/index.ts';
import { DOOR_PATH } from '../door/engine-socket.ts';
import { MAX_MESSAGE_BYTES, webSocketHandlerChannel } from '../door/web-socket-channel.ts';
import { Sessions } from './sessions.ts';
import { findStaticFile, sendFile } from './static-files.ts';

const MAX_SESSION_BODY_BYTES = 1024;

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

export interface DashboardOptions extends ServeOptions {
  /** The built renderer. */
  readonly rendererDir: string;
  /** 0: any free port. */
  readonly port: number;
  /** A browser has signed in with the one-time token; here is the URL for the next one. */
  readonly onSignIn?: (nextUrl: string) => void;
}

export interface Dashboard extends AsyncDisposable {
  /** With the one-time token in its fragment, which browsers never send to a server. */
  readonly url: string;
}

/**
 * The window in a browser: the renderer and its door over HTTP and WebSocket, on 127.0.0.1 only. Requests must name
 * this host (against DNS rebinding), come from this origin, and the door opens only for a signed-in session.
 */
export async function startDashboard(
  handlers: EngineHandlers,
  options: DashboardOptions,
): Promise<Dashboard> {
  const server = createServer();
  const port = await listen(server, options.port);
  const sessions = new Sessions();
  const gate = new Gate(port, sessions);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  const url = () => `http://127.0.0.1:${port}/#token=${sessions.oneTimeToken}`;

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response, gate, options, () => options.onSignIn?.(url())).catch(() => response.destroy());
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.url !== DOOR_PATH || !gate.isOwnOrigin(request) || !gate.isSignedIn(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket: WebSocket) => {
      serve(contract, handlers, webSocketHandlerChannel(webSocket), options);
    });
  });
  return {
    get url() {
      return url();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

class Gate {
  private readonly hosts: ReadonlySet<string>;
  private readonly sessions: Sessions;

  constructor(port: number, sessions: Sessions) {
    this.hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
    this.sessions = sessions;
  }

  isOwnHost(request: IncomingMessage): boolean {
    return this.hosts.has(request.headers.host ?? '');
  }

  isOwnOrigin(request: IncomingMessage): boolean {
    return this.isOwnHost(request) && request.headers.origin === `http://${request.headers.host ?? ''}`;
  }

  isSignedIn(request: IncomingMessage): boolean {
    return this.sessions.knows(request.headers.cookie);
  }

  signIn(token: string): string | undefined {
    return this.sessions.exchange(token);
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  gate: Gate,
  options: DashboardOptions,
  signedIn: () => void,
): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  if (!gate.isOwnHost(request)) {
    response.writeHead(403).end('This host name is not Longshore.');
    return;
  }
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/session') {
    await answerSession(request, response, gate, signedIn);
    return;
  }
  const readable = request.method === 'GET' || request.method === 'HEAD';
  const file = readable ? await findStaticFile(options.rendererDir, pathname) : undefined;
  if (file === undefined) response.writeHead(404).end('Not found.');
  else await sendFile(file, response);
}

/** GET: whether this browser is signed in. POST {token}: signs it in. */
async function answerSession(
  request: IncomingMessage,
  response: ServerResponse,
  gate: Gate,
  signedIn: () => void,
): Promise<void> {
  if (request.method === 'GET') {
    response.writeHead(gate.isSignedIn(request) ? 204 : 401).end();
    return;
  }
  const cookie =
    request.method === 'POST' && gate.isOwnOrigin(request)
      ? gate.signIn(await readToken(request))
      : undefined;
  if (cookie === undefined) {
    response.writeHead(401).end();
    return;
  }
  response.writeHead(204, { 'Set-Cookie': cookie }).end();
  signedIn();
}

async function readToken(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) {
    body += chunk;
    if (body.length > MAX_SESSION_BODY_BYTES) return '';
  }
  try {
    const { token } = JSON.parse(body) as { token?: unknown };
    return typeof token === 'string' ? token : '';
  } catch {
    return '';
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new EngineError('unavailable', `The dashboard cannot listen on 127.0.0.1:${port}: ${error.message}`, {
          hint: 'Choose another port with --port, or leave it out for a free one.',
          detail: { ...(error.code !== undefined && { errno: error.code }) },
          cause: error,
        }),
      );
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
