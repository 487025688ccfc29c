import { setTimeout as delay } from 'node:timers/promises';
import { command, installed } from './command.ts';
import { measure } from './measure.ts';
import { DockerNetwork } from './network-docker.ts';
import { LongshoreNetwork } from './network-longshore.ts';
import type { NetworkPeer } from './network-peer.ts';

const SECONDS = '3';
const IPERF_PORT = 5201;
const ECHO_PORT = 5300;
const FIRST_OF_MANY = 20_000;
/** docker starts a process for each, and takes minutes for as many. */
const MANY: Readonly<Record<string, number>> = { Longshore: 10_000, docker: 200 };
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

/** Prints the median of 2,000 round trips of one byte, in microseconds. */
const ECHO_CLIENT = `
const socket = require('node:net').connect(${ECHO_PORT}, '127.0.0.1').setNoDelay();
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

/** Throughput, latency, many ports, names and attachments, beside docker where it is installed. */
export async function benchNetworks(): Promise<void> {
  if (!installed('iperf3')) {
    console.log('\nNetworks are not measured: iperf3 is not installed.');
    return;
  }
  const columns: [string, Figures][] = [];
  for (const start of [LongshoreNetwork.start, DockerNetwork.start]) {
    await using peer: NetworkPeer | undefined = await start();
    if (peer) columns.push([peer.name, await figuresOf(peer)]);
  }
  console.log(`\nNetworks\n\n${table(columns)}`);
}

async function figuresOf(peer: NetworkPeer): Promise<Figures> {
  const iperf = ['chroot', '/host', 'iperf3'];
  const ports = [IPERF_PORT, ECHO_PORT].map((port) => ({ first: port, last: port }));
  const serving = `chroot /host iperf3 -s >/dev/null & exec ${shellWords(node(ECHO_SERVER))}`;
  await peer.run('server', ['sh', '-c', serving], ports);
  await peer.run('client', ['sleep', '100000']);
  await settled(() => peer.exec('client', reach(ECHO_PORT)));
  await settled(() => peer.exec('client', reach(IPERF_PORT)));
  const address = await peer.exec('client', ['sh', '-c', "nslookup server | sed -n 's/^Address: *//p'"]);
  const target = address.trim().split('\n').at(-1)?.split(' ').at(-1) ?? '';
  const between = await peer.exec('client', [...iperf, '-J', '-t', SECONDS, '-c', target]);
  const published = await onMachine(peer, ['iperf3', '-J', '-t', SECONDS, '-c', '127.0.0.1']);
  const latency = await onMachine(peer, [process.execPath, '-e', ECHO_CLIENT]);
  const server = await peer.exec('client', ['sed', '-n', 's/^nameserver //p', '/etc/resolv.conf']);
  const names = await peer.exec('client', node(DNS_CLIENT, server.trim()));
  const many = MANY[peer.name] ?? 0;
  const start = await timeOfMany(peer, many);
  for (const name of ['client', 'server']) await peer.remove(name);
  const [none, bridge] = [
    await measure(LIVES, () => peer.life('none')),
    await measure(LIVES, () => peer.life('bridge')),
  ];
  return new Map([
    ['container to container, Gbit/s', gigabits(between)],
    ['published port from 127.0.0.1, Gbit/s', gigabits(published)],
    ['round trip through a published port, us', Number(latency).toFixed(0)],
    ['names, answers per second', Number(names).toFixed(0)],
    ['start with many published ports', `${start.toFixed(0)} ms for ${many.toLocaleString('en')}`],
    [
      'a life of `true` on the bridge, more than without network, ms',
      (bridge.median - none.median).toFixed(1),
    ],
  ]);
}

async function timeOfMany(peer: NetworkPeer, many: number): Promise<number> {
  const begun = performance.now();
  await peer.run('many', ['sleep', '100000'], [{ first: FIRST_OF_MANY, last: FIRST_OF_MANY + many - 1 }]);
  const time = performance.now() - begun;
  await peer.remove('many');
  return time;
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
