import { connect } from 'node:net';
import { WebSocket } from 'ws';
import type { CallerChannel } from '../../contract/index.ts';
import { EngineError } from '../../errors/index.ts';
import { DOOR_PATH, engineSocketPath } from './engine-socket.ts';
import { MAX_MESSAGE_BYTES, webSocketCallerChannel } from './web-socket-channel.ts';

/**
 * A channel to the engine that runs with this run folder. `unavailable` when none does, `permission-denied` when it is
 * another user's.
 */
export function connectToEngine(runDir: string): Promise<CallerChannel> {
  const socketPath = engineSocketPath(runDir);
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://localhost${DOOR_PATH}`, {
      createConnection: () => connect(socketPath),
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
    });
    socket.once('open', () => {
      socket.off('error', fail);
      resolve(webSocketCallerChannel(socket));
    });
    const fail = (error: NodeJS.ErrnoException) => reject(connectionError(error, socketPath));
    socket.once('error', fail);
  });
}

function connectionError(error: NodeJS.ErrnoException, socketPath: string): EngineError {
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new EngineError('permission-denied', `The engine at ${socketPath} belongs to another user.`, {
      hint: 'Run the command as that user, or start an engine of your own with --data and --run.',
      detail: { errno: error.code, path: socketPath },
      cause: error,
    });
  }
  return new EngineError('unavailable', 'The Longshore engine is not running.', {
    hint: 'Open the Longshore window, or start the engine alone with: longshore serve',
    detail: { path: socketPath, ...(error.code !== undefined && { errno: error.code }) },
    cause: error,
  });
}
