import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Sends these bytes as they are, and reads to the server's end of the connection. */
export async function exchange(socketPath: string, bytes: string | Uint8Array): Promise<RawAnswer> {
  const socket = connect(socketPath);
  const pieces: Buffer[] = [];
  socket.on('data', (piece) => pieces.push(piece));
  // A server that has refused may close while we still write.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(bytes);
  await closed(socket);
  return parseAnswer(Buffer.concat(pieces).toString('latin1'));
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

/** The last answer of a connection, to which `100 Continue` does not count. */
function parseAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.replace(/^HTTP\/1\.1 100[^]*?\r\n\r\n/, '').split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return {
    status: Number(statusLine.split(' ')[1] ?? 0),
    headers: new Map(headers),
    body: rest.join('\r\n\r\n'),
  };
}

/** A request that closes its connection; `headers` are lines, `body` has its length told. */
export function requestText(
  line: string,
  { headers = [], body }: { readonly headers?: readonly string[]; readonly body?: string } = {},
): string {
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  return [
    `${line} HTTP/1.1`,
    'Host: docker',
    'Connection: close',
    ...headers,
    ...length,
    '',
    body ?? '',
  ].join('\r\n');
}
