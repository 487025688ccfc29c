import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, rm, stat } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { EngineError } from './errors/index.ts';
import { diskError, errnoOf } from './metadata/index.ts';

const LOCK_SOCKET = 'lock.sock';

/** Each round clears one dead lock at most, or finds somebody else at it. */
const MAX_ROUNDS = 5;

/** An engine that is stopped or busy holds its lock all the same. */
const ANSWER_WITHIN_MS = 1_000;

/** sun_path of unix(7), its NUL not counted. */
const MAX_SOCKET_PATH = 107;

/**
 * Holds `<data>/engine/lock.sock`, on which the engine that owns the data listens. The kernel closes it when the
 * engine dies, however it dies; what is left is a socket that nobody answers, and is taken over.
 */
export class DataLock implements AsyncDisposable {
  private readonly server: Server;
  private readonly path: string;

  /** Fails with `conflict`, naming the other engine's pid, when the data is in use. */
  static async acquire(dataDir: string): Promise<DataLock> {
    const folder = join(dataDir, 'engine');
    const path = join(folder, LOCK_SOCKET);
    const own = `${path}.${randomBytes(4).toString('hex')}`;
    if (Buffer.byteLength(own) > MAX_SOCKET_PATH) throw tooLong(dataDir);
    const server = await makeAndListen(folder, own);
    try {
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        if (await take(own, path)) return new DataLock(server, path);
        await clearIfDead(path, own, dataDir);
      }
      throw inUse(dataDir, null);
    } catch (thrown) {
      server.close();
      throw thrown;
    } finally {
      await rm(own, { force: true });
    }
  }

  private constructor(server: Server, path: string) {
    this.server = server;
    this.path = path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { force: true });
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function makeAndListen(folder: string, own: string): Promise<Server> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await listen(own);
  } catch (thrown) {
    throw diskError(thrown, folder);
  }
}

/** A socket that says its owner's pid to whoever connects. */
function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(`${process.pid}\n`);
    });
    server.once('error', reject);
    server.listen(path, () => {
      server.unref();
      chmod(path, 0o600).then(() => resolve(server), reject);
    });
  });
}

/** link(2) makes the name only if there is none. */
async function take(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path);
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === 'EEXIST') return false;
    throw thrown;
  }
}

/**
 * Removes the lock of a dead engine. Only the one that holds the marker of that very socket may, and nobody can replace
 * a socket that is still there: so a living engine's lock is never taken for the dead one's.
 */
async function clearIfDead(path: string, own: string, dataDir: string): Promise<void> {
  const before = await identityOf(path);
  if (before === null) return;
  const holder = await pidOfListener(path);
  if (holder !== null) throw inUse(dataDir, holder);
  const marker = `${path}.${before}`;
  if (!(await take(own, marker))) {
    // Somebody is at it; if it died there, the marker is nobody's.
    if ((await pidOfListener(marker)) === null) await rm(marker, { force: true });
    return;
  }
  if ((await identityOf(path)) === before) await rm(path, { force: true });
  await rm(marker, { force: true });
}

/** Inode numbers are used again, so the time of birth belongs to it. Null when there is no such file. */
async function identityOf(path: string): Promise<string | null> {
  try {
    const { ino, birthtimeNs } = await stat(path, { bigint: true });
    return `${ino.toString(36)}${birthtimeNs.toString(36)}`;
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}

/** Null when nobody listens. A listener that says nothing sensible is somebody all the same. */
function pidOfListener(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let said = '';
    socket.setEncoding('utf8');
    socket.setTimeout(ANSWER_WITHIN_MS, () => {
      socket.destroy();
      resolve('unknown');
    });
    socket.on('data', (text: string) => (said += text));
    socket.once('end', () => resolve(/^\d+/.exec(said)?.[0] ?? 'unknown'));
    socket.once('error', (error) => {
      const nobody = errnoOf(error) === 'ECONNREFUSED' || errnoOf(error) === 'ENOENT';
      resolve(nobody ? null : 'unknown');
    });
  });
}

function inUse(dataDir: string, pid: string | null): EngineError {
  const who = pid === null || pid === 'unknown' ? 'another engine' : `the engine with process id ${pid}`;
  return new EngineError('conflict', `The data in ${dataDir} is in use by ${who}.`, {
    detail: { step: 'lock', path: dataDir },
    hint: 'Use that one, end it first, or start this one with another folder: --data DIR.',
  });
}

function tooLong(dataDir: string): EngineError {
  return new EngineError('invalid-argument', `The path of the data folder is too long: ${dataDir}`, {
    detail: { step: 'lock', errno: 'ENAMETOOLONG', path: dataDir },
    hint: 'A socket in it may have no more than 107 bytes of path: choose a folder nearer to the root.',
  });
}
