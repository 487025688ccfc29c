import { setTimeout as delay } from 'node:timers/promises';
import { command, installed } from './command.ts';
import { median } from './measure.ts';
import { DockerNetwork } from './network-docker.ts';
import { LongshoreNetwork } from './network-longshore.ts';
import type { NetworkPeer } from './network-peer.ts';
import { PodmanNetwork } from './network-podman.ts';

const SECONDS = '3';
const IPERF_PORT = 5201;
const ECHO_PORT = 5300;
const FIRST_OF_MANY = 20_000;
/** docker starts a process for each port, podman a few rules: as many would take them minutes. */
const MANY: Readonly<Record<string, number>> = { Longshore: 10_000, docker: 100, podman: 100 };
const LIVES = 10;

/** This machine's node, in a container that has its files at /host. */
const node = (script: string, ...words: readonly string[]): readonly string[] => [
  'chroot',
  '/host',
  process.execPath,
  '-e',
  script,
  ...words,
];

const ECHO_SERVER = `require('node:net').createServer((socket) => socket.setNoDelay().pipe(socket)).listen(${ECHO_PORT})`;

/** Prints the median of 2,000 round trips of one byte to an address, in microseconds. */
const ECHO_CLIENT = `
const socket = require('node:net').connect(${ECHO_PORT}, process.argv[1]).setNoDelay();
const times = [];
let begun = 0;
const ask = () => { begun = performance.now(); socket.write('x'); };
socket.on('connect', ask).on('data', () => {
  times.push(performance.now() - begun);
  if (times.length < 2000) return ask();
  console.log(times.sort((a, b) => a - b)[1000] * 1000);
  socket.destroy();
});`;

/** Prints how many questions per second are answered: 16 at once, each waits for its answer or 1 s. */
const DNS_CLIENT = `
const { Resolver } = require('node:dns').promises;
const resolver = new Resolver({ timeout: 1000, tries: 1 });
resolver.setServers([process.argv[1]]);
const end = performance.now() + 3000;
let answered = 0;
const ask = async () => {
  while (performance.now() < end) if (await resolver.resolve4('server').then(() => true, () => false)) answered++;
};
Promise.all(Array.from({ length: 16 }, ask)).then(() => console.log(answered / 3));`;

const reach = (port: number): readonly string[] => ['sh', '-c', `nc -w 1 server ${port} < /dev/null`];

/** What one engine's network does, by the name of the measurement. */
type Figures = ReadonlyMap<string, string>;

/** Throughput, latency, many ports, names and attachments, beside docker and podman where they are installed. */
export async function benchNetworks(): Promise<void> {
  if (!installed('iperf3')) {
    console.log('\nNetworks are not measured: iperf3 is not installed.');
    return;
  }
  const columns: [string, Figures][] = [];
  for (const start of [LongshoreNetwork.start, DockerNetwork.start, PodmanNetwork.start]) {
    await using peer: NetworkPeer | undefined = await start();
    if (peer) columns.push([peer.name, await figuresOf(peer)]);
  }
  console.log(`\nNetworks\n\n${table(columns)}`);
}

async function figuresOf(peer: NetworkPeer): Promise<Figures> {
  const ports = [IPERF_PORT, ECHO_PORT].map((port) => ({ first: port, last: port }));
  const serving = `chroot /host iperf3 -s >/dev/null & exec ${shellWords(node(ECHO_SERVER))}`;
  await peer.run('server', ['sh', '-c', serving], ports);
  await peer.run('client', ['sleep', '100000']);
  for (const { first } of ports) await settled(() => peer.exec('client', reach(first)));
  const figures = new Map([...(await betweenContainers(peer)), ...(await throughPorts(peer))]);
  for (const name of ['client', 'server']) await peer.remove(name);
  const many = MANY[peer.name] ?? 0;
  const start = await timeOfMany(peer, many);
  figures.set('start with many published ports', `${start.toFixed(0)} ms for ${many.toLocaleString('en')}`);
  const attachment = (await timeOfAttachment(peer)).toFixed(1);
  figures.set('a life of `true` on the bridge, more than without network, ms', attachment);
  return figures;
}

async function betweenContainers(peer: NetworkPeer): Promise<Figures> {
  const found = await peer.exec('client', ['nslookup', 'server']);
  // The first is the name server's own.
  const [, address = ''] = [...found.matchAll(/^Address(?: 1)?: (\d[\d.]+\d)/gm)].at(-1) ?? [];
  const iperf = ['chroot', '/host', 'iperf3', '-J', '-t', SECONDS, '-c', address];
  const throughput = await peer.exec('client', iperf);
  const roundTrip = await peer.exec('client', node(ECHO_CLIENT, address));
  const server = await peer.exec('client', ['sed', '-n', 's/^nameserver //p', '/etc/resolv.conf']);
  const names = await peer.exec('client', node(DNS_CLIENT, server.trim().split('\n')[0] ?? ''));
  return new Map([
    ['container to container, Gbit/s', gigabits(throughput)],
    ['container to container, round trip, us', Number(roundTrip).toFixed(0)],
    ['names, answers per second', Number(names).toFixed(0)],
  ]);
}

async function throughPorts(peer: NetworkPeer): Promise<Figures> {
  const throughput = await onMachine(peer, ['iperf3', '-J', '-t', SECONDS, '-c', '127.0.0.1']);
  const roundTrip = await onMachine(peer, [process.execPath, '-e', ECHO_CLIENT, '127.0.0.1']);
  return new Map([
    ['published port from 127.0.0.1, Gbit/s', gigabits(throughput)],
    ['published port from 127.0.0.1, round trip, us', Number(roundTrip).toFixed(0)],
  ]);
}

async function timeOfMany(peer: NetworkPeer, many: number): Promise<number> {
  const time = await timeOf(() =>
    peer.run('many', ['sleep', '100000'], [{ first: FIRST_OF_MANY, last: FIRST_OF_MANY + many - 1 }]),
  );
  await peer.remove('many');
  return time;
}

/** In turns, so that whatever else the machine does meets both alike. */
async function timeOfAttachment(peer: NetworkPeer): Promise<number> {
  const differences: number[] = [];
  for (let round = 0; round < LIVES; round++) {
    const without = await timeOf(() => peer.life('none'));
    differences.push((await timeOf(() => peer.life('bridge'))) - without);
  }
  return median(differences);
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function onMachine(peer: NetworkPeer, words: readonly string[]): Promise<string> {
  const [program = '', ...rest] = [...peer.onMachine, ...words];
  return command(program, rest);
}

/** Until what is tried succeeds; fails with it after 10 s. */
async function settled(attempt: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(50);
    }
  }
}

interface IperfReport {
  readonly end: { readonly sum_received: { readonly bits_per_second: number } };
}

function gigabits(report: string): string {
  const { end } = JSON.parse(report) as IperfReport;
  return (end.sum_received.bits_per_second / 1e9).toFixed(1);
}

function shellWords(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
}

function table(columns: readonly (readonly [string, Figures])[]): string {
  const headings = ['', ...columns.map(([name]) => name)];
  const whats = [...(columns[0]?.[1].keys() ?? [])];
  const lines = whats.map((what) => [what, ...columns.map(([, figures]) => figures.get(what) ?? '')]);
  return [headings, headings.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
