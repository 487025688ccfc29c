import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** An HTTP proxy that makes tunnels, all of them to the same place, whatever machine is asked for. */
export class TunnelProxy implements AsyncDisposable {
  /** `registry.test:443`, as asked for. */
  readonly asked: string[] = [];
  /** Headers of what asked for the tunnels. */
  readonly headers: IncomingMessage['headers'][] = [];
  private readonly server: Server;
  private readonly sockets = new Set<Duplex>();

  /** `target`: host and port of what is at the other end. */
  static async start(target: string): Promise<TunnelProxy> {
    const proxy = new TunnelProxy(target);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  private constructor(target: string) {
    const [host = '', port = ''] = target.split(':');
    this.server = createServer((_, response) => response.writeHead(405).end());
    this.server.on('connect', (request: IncomingMessage, client: Duplex) => {
      this.asked.push(request.url ?? '');
      this.headers.push(request.headers);
      const upstream = connect(Number(port), host, () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      for (const socket of [client, upstream]) {
        this.sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => this.sockets.delete(socket));
      }
    });
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
