import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';

import { promisify } from 'node:util';

const run = promisify(execFile);

/** Longer than a retried ARP request takes; only what is refused waits so long. */
const PATIENCE_MS = 2_000;

/** Prints what comes back for a word from a port; a datagram that is lost is sent again. */
const CLIENT = `
const [protocol, host, port] = process.argv.slice(1);
const heard = (data) => { process.stdout.write(data); process.exit(); };
setTimeout(() => process.exit(), ${PATIENCE_MS});
if (protocol === 'udp') {
  const socket = require('node:dgram').createSocket('udp4', heard).on('error', () => undefined);
  setInterval(() => socket.send('ahoy', port, host), 100);
} else {
  const socket = require('node:net').connect({ host, port }).on('error', () => process.exit());
  socket.on('data', heard).write('ahoy');
}`;

/** Another host on this machine's LAN: a network namespace at the other end of a cable. */
export class LanHost implements AsyncDisposable {
  /** This machine's address on the LAN, and the host's own. */
  readonly machine = '10.213.9.1';
  readonly address = '10.213.9.2';
  private readonly name: string;
  private readonly link: string;

  static async connect(): Promise<LanHost> {
    const host = new LanHost(`lt-${process.pid % 100_000}-lan`);
    const { name, link, machine, address } = host;
    await ip('netns', 'add', name);
    await ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'lan', 'netns', name);
    await ip('address', 'add', `${machine}/24`, 'dev', link);
    await ip('link', 'set', link, 'up');
    await host.ip('address', 'add', `${address}/24`, 'dev', 'lan');
    for (const end of ['lo', 'lan']) await host.ip('link', 'set', end, 'up');
    return host;
  }

  private constructor(name: string) {
    this.name = name;
    this.link = name;
  }

  /** Sends what is for an address or subnet to this machine. */
  async route(destination: string): Promise<void> {
    await this.ip('route', 'add', destination, 'via', this.machine);
  }

  /** The same for 127.0.0.1, in the worst case: this machine takes it from there. */
  async routeLoopback(): Promise<void> {
    const { name, link } = this;
    await this.ip('address', 'delete', '127.0.0.1/8', 'dev', 'lo');
    const setting = 'net.ipv4.conf.lan.route_localnet=1';
    await run('ip', ['netns', 'exec', name, 'busybox', 'sysctl', '-w', setting]);
    await writeFile(`/proc/sys/net/ipv4/conf/${link}/route_localnet`, '1');
    await this.ip('route', 'add', '127.0.0.1', 'via', this.machine, 'src', this.address);
  }

  /** What comes back for a word; empty when nobody answers. */
  async echoed(host: string, port: number, protocol: 'tcp' | 'udp' = 'tcp'): Promise<string> {
    const client = [process.execPath, '-e', CLIENT, protocol, host, String(port)];
    const { stdout } = await run('ip', ['netns', 'exec', this.name, ...client]);
    return stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await ip('netns', 'delete', this.name);
  }

  private async ip(...words: readonly string[]): Promise<void> {
    await ip('-n', this.name, ...words);
  }
}

async function ip(...words: readonly string[]): Promise<void> {
  await run('ip', [...words]);
}
