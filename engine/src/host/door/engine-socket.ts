import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import { contract, type EngineHandlers, serve, type ServeOptions } from '../../contract/index.ts';
import { EngineError } from '../../errors/index.ts';
import { errnoOf } from '../../metadata/index.ts';
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
  try {
    await rm(socketPath, { force: true });
    await listenPrivately(server, socketPath);
  } catch (thrown) {
    throw socketError(thrown, socketPath);
  }
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The folder is another user's, most likely; anything else is not expected. */
function socketError(thrown: unknown, socketPath: string): unknown {
  const errno = errnoOf(thrown);
  if (errno !== 'EACCES' && errno !== 'EPERM' && errno !== 'EROFS') return thrown;
  return new EngineError('permission-denied', `The engine may not make its socket ${socketPath}.`, {
    detail: { step: 'socket', errno, path: socketPath },
    hint: 'Check who owns the folder, or choose another: --run DIR.',
    cause: thrown,
  });
}

/** The socket must never be open to others, not even between bind and chmod: it is made under a strict umask. */
async function listenPrivately(server: Server, socketPath: string): Promise<void> {
  const umask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socketPath, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } finally {
    process.umask(umask);
  }
  await chmod(socketPath, 0o600);
}
