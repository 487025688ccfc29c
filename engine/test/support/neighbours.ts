import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { vi } from 'vitest';
import type { ContainerDetails, NetworkDetails, ProbeResult } from '../../src/types/index.ts';
import { type HasClient, RealContainers, type Settings } from './real-containers.ts';

/** Where every neighbour answers with what it is sent, over TCP. */
export const ECHO = 7;

const TCP_ECHO = `nc -ll -p ${ECHO} -e cat & exec sleep 100000`;

/** This machine's node, for what busybox has no program for: its root is mounted at /host. */
const UDP_ECHO = [
  "const socket = require('node:dgram').createSocket('udp4');",
  "socket.on('message', (data, { port, address }) => socket.send(data, port, address));",
  `socket.bind(${ECHO});`,
].join(' ');

/** Containers that answer on a port, on networks of a real engine, and what they see of each other. */
export class Neighbours {
  readonly containers: RealContainers;
  private readonly engine: HasClient;

  static async on(engine: HasClient): Promise<Neighbours> {
    const { id } = await engine.client.images.installStarter({ name: 'busybox' });
    return new Neighbours(engine, id);
  }

  private constructor(engine: HasClient, image: string) {
    this.engine = engine;
    this.containers = new RealContainers(engine, image);
  }

  /** Resolves when it answers. */
  async run(name: string, settings: Settings = {}): Promise<ContainerDetails> {
    const details = await this.containers.run(['sh', '-c', TCP_ECHO], { name, ...settings });
    await this.answers(name);
    return details;
  }

  /** Over UDP instead. */
  async runUdp(name: string, settings: Settings = {}): Promise<ContainerDetails> {
    const mounts = [{ type: 'bind' as const, source: '/', target: '/host', readOnly: true }];
    const command = ['chroot', '/host', process.execPath, '-e', UDP_ECHO];
    return this.containers.run(command, { name, mounts, ...settings });
  }

  /** Sends a line, again and again, through one connection, and prints what comes back. */
  chatter(name: string, address: string, settings: Settings = {}): Promise<ContainerDetails> {
    const script = `while sleep 0.05; do echo ahoy; done | nc ${address} ${ECHO}`;
    return this.containers.run(['sh', '-c', script], { name, ...settings });
  }

  /** How many lines a container has printed so far. */
  async linesOf(container: string): Promise<number> {
    let lines = 0;
    for await (const { records } of this.engine.client.containers.logs({ container }))
      lines += records.length;
    return lines;
  }

  network(name: string, more: object = {}): Promise<NetworkDetails> {
    return this.engine.client.networks.create({ name, ...more });
  }

  /** Its standard output; fails when it does not succeed. */
  async exec(container: string, script: string): Promise<string> {
    const { code, text } = await this.tryExec(container, script);
    if (code !== 0) throw new Error(`${script}: code ${code}\n${text}`);
    return text;
  }

  async tryExec(
    container: string,
    script: string,
  ): Promise<{ readonly code: number; readonly text: string }> {
    const decoder = new TextDecoder();
    let text = '';
    let code = -1;
    const command = ['sh', '-c', `exec 2>&1; ${script}`];
    for await (const output of this.engine.client.containers.exec({ container, command })) {
      if (output.kind === 'stdout') text += decoder.decode(output.data, { stream: true });
      if (output.kind === 'exited') code = output.code;
    }
    return { code, text };
  }

  /** The addresses that a container is told for a name, in the order of the answer; empty: none. */
  async resolve(container: string, name: string, type: 'a' | 'aaaa' = 'a'): Promise<readonly string[]> {
    const { text } = await this.tryExec(container, `nslookup -type=${type} ${name}`);
    const [, answer = ''] = text.split(/\n\s*\n/);
    return [...answer.matchAll(/^Address(?: \d+)?:\s*(\S+)$/gm)].map(([, address = '']) => address);
  }

  probe(from: string, host: string, port = ECHO): Promise<ProbeResult> {
    return this.engine.client.networks.probe({ from, to: { host }, port, timeoutMs: 2_000 });
  }

  /** Its address on a network. */
  async addressOf(container: string, network: string): Promise<string> {
    const { networks } = await this.engine.client.containers.inspect({ container });
    return networks.find(({ name }) => name === network)?.ipv4?.address ?? '';
  }

  private async answers(container: string): Promise<void> {
    const listening = (): Promise<boolean> =>
      this.tryExec(container, `nc -w 1 127.0.0.1 ${ECHO} < /dev/null`).then(({ code }) => code === 0);
    await vi.waitUntil(listening, { timeout: 10_000 });
  }
}

/** What comes back for a word from this machine; fails when nobody answers in time. */
export async function echoed(host: string, port: number, word = 'ahoy'): Promise<string> {
  const socket = connect({ host, port, signal: AbortSignal.timeout(5_000) });
  try {
    await once(socket, 'connect');
    socket.write(word);
    const [data] = (await once(socket, 'data')) as [Buffer];
    return data.toString();
  } finally {
    socket.destroy();
  }
}

/** The same over UDP; a datagram that is lost is sent again. */
export async function echoedUdp(host: string, port: number, word = 'ahoy'): Promise<string> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  // What refuses datagrams says so by ICMP; the server may not have come up yet.
  socket.on('error', () => undefined);
  const repeating = setInterval(() => socket.send(word, port, host), 100);
  try {
    const [data] = (await once(socket, 'message', { signal: AbortSignal.timeout(10_000) })) as [Buffer];
    return data.toString();
  } finally {
    clearInterval(repeating);
    socket.close();
  }
}
