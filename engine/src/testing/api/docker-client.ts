import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { json } from 'node:stream/consumers';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Undefined of an answer without a body. */
  readonly body: unknown;
}

/** A client of the Docker API as plain as one can be: what it sends is what the tests say. */
export class DockerClient {
  private readonly socketPath: string;

  constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  get(path: string): Promise<ApiAnswer> {
    return this.ask('GET', path);
  }

  post(path: string, body?: unknown): Promise<ApiAnswer> {
    return this.ask('POST', path, body);
  }

  async ask(method: string, path: string, body?: unknown): Promise<ApiAnswer> {
    const response = await this.open(method, path, body);
    const { statusCode: status = 0, headers } = response;
    const isEmpty = status === 204 || status === 304 || headers['content-length'] === '0';
    if (isEmpty) response.resume();
    return { status, headers, body: isEmpty ? undefined : await json(response) };
  }

  /** Resolves with the head of the answer, whose body is read by whoever asked. */
  async open(method: string, path: string, body?: unknown): Promise<IncomingMessage> {
    const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const asked = request({ socketPath: this.socketPath, method, path, headers, agent: false });
    asked.end(body === undefined ? undefined : JSON.stringify(body));
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    return response;
  }

  /** A request whose connection becomes a stream; `first` is sent right behind its head. */
  async hijack(path: string, options: HijackOptions = {}): Promise<HijackedConnection> {
    const { body, first = '', upgrade = true } = options;
    const text = body === undefined ? '' : JSON.stringify(body);
    const head = [
      `POST ${path} HTTP/1.1`,
      'Host: docker',
      ...(upgrade ? ['Connection: Upgrade', 'Upgrade: tcp'] : []),
      'Content-Type: application/json',
      `Content-Length: ${text.length}`,
    ];
    const socket = connect({ path: this.socketPath, allowHalfOpen: true });
    await once(socket, 'connect');
    const connection = new HijackedConnection(socket);
    socket.write(`${head.join('\r\n')}\r\n\r\n${text}${first}`);
    await connection.until((received) => received.includes('\r\n\r\n'));
    return connection;
  }
}

interface HijackOptions {
  readonly body?: unknown;
  readonly first?: string;
  readonly upgrade?: boolean;
}

/** What the server sends on a connection that has become a stream. */
export class HijackedConnection {
  private readonly socket: Socket;
  private received = Buffer.alloc(0);
  private readonly lookouts = new Set<() => void>();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('data', (piece: Buffer) => {
      this.received = Buffer.concat([this.received, piece]);
      for (const look of [...this.lookouts]) look();
    });
    socket.on('end', () => {
      for (const look of [...this.lookouts]) look();
    });
  }

  get head(): string {
    return this.received.toString('latin1').split('\r\n\r\n')[0] ?? '';
  }

  /** Behind the head. */
  get bytes(): Buffer {
    return this.received.subarray(this.received.indexOf('\r\n\r\n') + 4);
  }

  write(text: string): void {
    this.socket.write(text);
  }

  /** The client has no more to say, and listens on. */
  halfClose(): void {
    this.socket.end();
  }

  leave(): void {
    this.socket.destroy();
  }

  async until(isThere: (received: string) => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        const text = this.received.toString('latin1');
        if (isThere(text)) resolve();
        else if (this.socket.readableEnded)
          reject(new Error(`The stream ended with ${JSON.stringify(text)}`));
        else return;
        this.lookouts.delete(look);
      };
      this.lookouts.add(look);
      look();
    });
  }

  /** All that came behind the head, once the server has ended the stream. */
  async ended(): Promise<Buffer> {
    if (!this.socket.readableEnded) await once(this.socket, 'end');
    this.socket.end();
    return this.bytes;
  }
}

/** Docker's frames, taken apart: the stream's number, and what it said. */
export function frames(bytes: Buffer): readonly (readonly [stream: number, text: string])[] {
  const found: [number, string][] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32BE(at + 4);
    found.push([bytes[at] ?? -1, bytes.subarray(at + 8, at + 8 + length).toString()]);
    at += 8 + length;
  }
  return found;
}
