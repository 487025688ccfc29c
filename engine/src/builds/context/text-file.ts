import { constants } from 'node:fs';
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { EngineError } from '../../errors/index.ts';
import { diskError, errnoOf } from '../../metadata/index.ts';

/** Far more than any Dockerfile has. */
const MAX_BYTES = 4 * 1024 * 1024;
const NOT_THERE = ['ENOENT', 'ENOTDIR'];

/**
 * A text file that a build is described by; null: there is none. `folder`: links do not lead out of it, whoever has made
 * it. Anything but a file of a fitting size is `invalid-argument`.
 */
export async function readTextFile(path: string, folder: string | null): Promise<string | null> {
  try {
    const place = await realpath(path);
    if (folder !== null && isOutside(await realpath(folder), place))
      throw invalid(path, `${path} is a link that leads out of the context.`);
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    const file = await open(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      return await read(file, place, path);
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (thrown instanceof EngineError) throw thrown;
    if (NOT_THERE.includes(errnoOf(thrown) ?? '')) return null;
    throw errnoOf(thrown) === 'ENXIO' ? invalid(path, `${path} is no file.`) : diskError(thrown, path);
  }
}

async function read(file: FileHandle, place: string, path: string): Promise<string> {
  // A folder on the way that has become a link since: what is open is elsewhere.
  const there = await readlink(`/proc/self/fd/${file.fd}`).catch(() => place);
  const stat = await file.stat();
  if (there !== place || !stat.isFile()) throw invalid(path, `${path} is no file.`);
  const buffer = Buffer.alloc(MAX_BYTES + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
    if (bytesRead === 0) return buffer.toString('utf8', 0, length);
    length += bytesRead;
  }
  throw invalid(path, `${path} is larger than ${MAX_BYTES} bytes.`);
}

function isOutside(folder: string, place: string): boolean {
  const from = relative(folder, place);
  return from === '..' || from.startsWith('../') || isAbsolute(from);
}

function invalid(path: string, message: string): EngineError {
  return new EngineError('invalid-argument', message, { detail: { step: 'context', path } });
}
