import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { EngineError } from '../../errors/index.ts';

/** A file of the network that a Dockerfile names is held in memory until it is in the image. */
const MAX_BYTES = 512 * 1024 * 1024;

/** ADD of an address: the file and its name. With a checksum that is not its own: `invalid-argument`. */
export async function fetchRemote(
  url: string,
  checksum: string | null,
  signal: AbortSignal,
): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const response = await fetch(url, { signal }).catch((thrown: unknown) => {
    throw unreachable(url, thrown instanceof Error ? thrown.message : 'no answer', thrown);
  });
  if (!response.ok || response.body === null) throw unreachable(url, `it answers with ${response.status}`);
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
    length += piece.length;
    if (length > MAX_BYTES) throw unreachable(url, `it has more than ${MAX_BYTES} bytes`);
    pieces.push(piece);
  }
  const bytes = Buffer.concat(pieces);
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (checksum !== null && checksum !== digest) {
    throw new EngineError('invalid-argument', `${url} is not what --checksum says: it is ${digest}.`, {
      detail: { step: 'checksum', path: url },
    });
  }
  return { name: posix.basename(new URL(response.url || url).pathname) || 'index', bytes };
}

function unreachable(url: string, reason: string, cause?: unknown): EngineError {
  return new EngineError('unavailable', `${url} cannot be fetched: ${reason}.`, {
    detail: { step: 'add', path: url },
    ...(cause !== undefined && { cause }),
  });
}
