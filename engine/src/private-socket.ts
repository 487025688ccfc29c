import { chmod, rm } from 'node:fs/promises';
import type { Server } from 'node:net';
import { EngineError } from './errors/index.ts';
import { errnoOf } from './metadata/index.ts';

/** Listens on a socket that is this user's alone (mode 0600); one that a program before has left behind is replaced. */
export async function listenPrivately(server: Server, socketPath: string): Promise<void> {
  try {
    await rm(socketPath, { force: true });
    await listen(server, socketPath);
  } catch (thrown) {
    throw socketError(thrown, socketPath);
  }
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
async function listen(server: Server, socketPath: string): Promise<void> {
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
