import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** RFC 1035, 4.1: the header and the fields of an answer. */
const HEADER = 12;
const RESPONSE = 0x8180;
const TRUNCATED = 0x0200;
const TYPE_A = 1;
const POINTER_TO_QUESTION = 0xc00c;

const PORT = 53;

/** What a server says to a question that came in a datagram. */
export type Conduct = 'answers' | 'is silent' | 'truncates';

/**
 * A name server on an address of 127.0.0.0/8: it has the same IPv4 addresses for every name. Over TCP it always answers.
 */
export class NameServer implements AsyncDisposable {
  /** How many questions it has heard. */
  readonly heard = { udp: 0, tcp: 0 };
  private readonly addresses: readonly string[];
  private readonly datagrams: DatagramSocket = createSocket('udp4');
  private readonly connections: Server = createServer((socket) => this.serve(socket));

  static async on(host: string, conduct: Conduct, addresses: readonly string[]): Promise<NameServer> {
    const server = new NameServer(conduct, addresses);
    server.datagrams.bind(PORT, host);
    server.connections.listen(PORT, host);
    await Promise.all([once(server.datagrams, 'listening'), once(server.connections, 'listening')]);
    return server;
  }

  private constructor(conduct: Conduct, addresses: readonly string[]) {
    this.addresses = addresses;
    this.datagrams.on('message', (question, { port, address }) => {
      this.heard.udp += 1;
      if (conduct === 'is silent') return;
      this.datagrams.send(this.answer(question, conduct === 'truncates'), port, address);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.datagrams.close();
    return new Promise((resolve) => this.connections.close(() => resolve()));
  }

  /** Questions fit in one piece; two bytes of length stand before each (RFC 1035, 4.2.2). */
  private serve(socket: Socket): void {
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => {
      this.heard.tcp += 1;
      const answer = this.answer(data.subarray(2), false);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(answer.length);
      socket.end(Buffer.concat([length, answer]));
    });
  }

  private answer(asked: Buffer, truncated: boolean): Buffer {
    const end = endOfQuestion(asked);
    const wanted = asked.readUInt16BE(end - 4) === TYPE_A && !truncated ? this.addresses : [];
    const header = Buffer.from(asked.subarray(0, HEADER));
    header.writeUInt16BE(truncated ? RESPONSE | TRUNCATED : RESPONSE, 2);
    header.writeUInt16BE(wanted.length, 6);
    header.fill(0, 8);
    return Buffer.concat([header, asked.subarray(HEADER, end), ...wanted.map(record)]);
  }
}

/** Labels up to the empty one, then type and class. */
function endOfQuestion(message: Buffer): number {
  let at = HEADER;
  while (message[at] !== 0) at += (message[at] ?? 0) + 1;
  return at + 5;
}

function record(address: string): Buffer {
  const fixed = Buffer.alloc(HEADER);
  fixed.writeUInt16BE(POINTER_TO_QUESTION, 0);
  fixed.writeUInt16BE(TYPE_A, 2);
  fixed.writeUInt16BE(1, 4); // class IN
  fixed.writeUInt32BE(60, 6); // seconds to live
  fixed.writeUInt16BE(4, 10);
  return Buffer.concat([fixed, Buffer.from(address.split('.').map(Number))]);
}
