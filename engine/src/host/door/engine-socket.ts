import { createServer } from 'node:http';
import path from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import { contract, type EngineHandlers, serve, type ServeOptions } from '../../contract/index.ts';
import { listenPrivately } from '../../private-socket.ts';
import { MAX_MESSAGE_BYTES, webSocketHandlerChannel } from './web-socket-channel.ts';

/** The path of the door below the socket. */
export const DOOR_PATH = '/door';

export function engineSocketPath(runDir: string): string {
  return path.join(runDir, 'engine.sock');
}

/**
 * The engine's local door: a WebSocket on `<run>/engine.sock`, for this user alone (mode 0600). The command line and
 * a second window come in here. The engine's lock on its data makes it the only one to use this path.
 */
export async function listenOnEngineSocket(
  handlers: EngineHandlers,
  runDir: string,
  options: ServeOptions = {},
): Promise<AsyncDisposable> {
  const socketPath = engineSocketPath(runDir);
  const server = createServer((_request, response) => {
    response.writeHead(404).end();
  });
  const sockets = new WebSocketServer({ server, path: DOOR_PATH, maxPayload: MAX_MESSAGE_BYTES });
  sockets.on('connection', (socket: WebSocket, request) => {
    // A browser may not come in here: it would, by way of a forwarded socket, act for any page that it shows.
    if (request.headers.origin !== undefined) socket.close(1008, 'no browsers');
    else serve(contract, handlers, webSocketHandlerChannel(socket), options);
  });
  await listenPrivately(server, socketPath);
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
