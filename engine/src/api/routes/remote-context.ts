import { Readable } from 'node:stream';
import { DockerError } from '../server/failure.ts';

export type RemoteContext =
  | { readonly kind: 'archive'; readonly bytes: AsyncIterable<Uint8Array> }
  /** A Dockerfile that needs no files. */
  | { readonly kind: 'dockerfile'; readonly text: string };

const MAX_DOCKERFILE_BYTES = 4 * 1024 * 1024;

/** `remote=http://...`: an archive, or, when the server says that it is text, a Dockerfile. */
export async function fetchContext(remote: string, signal: AbortSignal): Promise<RemoteContext> {
  const url = webAddress(remote);
  let answer: Response;
  try {
    answer = await fetch(url, { signal });
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    throw new DockerError(400, `remote context: ${url.host} could not be asked`, { cause: thrown });
  }
  if (!answer.ok || answer.body === null) {
    throw new DockerError(400, `remote context: ${url.host} answered with ${answer.status}`);
  }
  const bytes = Readable.fromWeb(answer.body) as AsyncIterable<Uint8Array>;
  const isText = /^text\//i.test(answer.headers.get('content-type') ?? '');
  return isText ? { kind: 'dockerfile', text: await textOf(bytes) } : { kind: 'archive', bytes };
}

function webAddress(remote: string): URL {
  const url = URL.canParse(remote) ? new URL(remote) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new DockerError(400, `remote context: "${remote.slice(0, 100)}" is no address of a context`);
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  for await (const piece of bytes) {
    total += piece.length;
    if (total > MAX_DOCKERFILE_BYTES)
      throw new DockerError(400, 'remote context: the Dockerfile is too large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
