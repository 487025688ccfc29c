import { expect, test } from '@playwright/test';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ServedEngine, serveEngine } from '../fixtures/engine.ts';

/** Networks and ports as a person types them. `hello serve` is a web page at port 8080. */

let engine: ServedEngine;

test.beforeAll(async () => {
  engine = await serveEngine();
  await engine.cli.must('starter', 'hello');
});

test.afterAll(() => engine[Symbol.asyncDispose]());

test.afterEach(async () => {
  const { cli } = engine;
  const names = (await cli.must('ps', '-aq')).split('\n').filter(Boolean);
  if (names.length > 0) await cli.must('rm', '-f', ...names);
  await cli.must('network', 'prune', '-f');
});

const serve = (name: string, ...flags: readonly string[]) =>
  engine.cli.must('run', '-d', '--name', name, ...flags, 'hello', 'serve');

/** What an address answers, once somebody listens there. */
async function page(host: string): Promise<string> {
  let text = '';
  await expect(async () => {
    text = await (await fetch(`http://${host}/`, { signal: AbortSignal.timeout(2_000) })).text();
  }).toPass({ timeout: 15_000 });
  return text;
}

const probe = async (goal: string, ...flags: readonly string[]) =>
  (await engine.cli.run(['network', 'probe', ...flags, goal])).stdout.split(' ')[0]?.trim();

test('containers of a network of their own find each other, and others do not find them', async () => {
  const { cli } = engine;
  expect(await cli.must('network', 'create', '--label', 'role=front', 'app')).toMatch(/^[0-9a-f]{64}$/);
  await serve('web', '--network', 'app', '--network-alias', 'www');
  await serve('client', '--network', 'app');
  await serve('stranger');
  await expect(async () => expect(await probe('web:8080', '--from', 'client')).toBe('connected')).toPass();
  expect(await probe('www:8080', '--from', 'client')).toBe('connected');
  expect(await probe('web:9', '--from', 'client')).toBe('refused');
  expect(await probe('web:8080', '--from', 'stranger')).toBe('unknown-name');
  expect(await cli.must('ps', '--filter', 'network=app', '--format', '{{.Names}} {{.Networks}}')).toBe(
    'client app\nweb app',
  );
});

test('a published port leads to the container, is told everywhere, and is free afterwards', async () => {
  const { cli } = engine;
  await serve('web', '-p', '127.0.0.1::8080');
  const [address = ''] = (await cli.must('port', 'web', '8080')).split('\n');
  expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
  expect(await cli.must('port', 'web')).toBe(`8080/tcp -> ${address}`);
  expect(await cli.must('ps', '--format', '{{.Ports}}')).toBe(`${address}->8080/tcp`);
  expect(await page(address)).toContain('Hello from');
  expect((await cli.run(['port', 'web', '81'])).stderr).toContain("No public port '81/tcp'");
  await cli.must('rm', '-f', 'web');
  await expect(fetch(`http://${address}/`)).rejects.toThrow();
});

test('a range takes the next free port; one that is taken is refused with who has it', async () => {
  const { cli } = engine;
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const refused = await cli.run(['run', '-d', '-p', `127.0.0.1:${port}:8080`, 'hello', 'serve']);
    expect(refused.code).toBe(125);
    expect(refused.stderr).toContain(`${port}/tcp on 127.0.0.1 is taken by node`);
    expect(refused.stderr).toMatch(/port \d+ is free/);
    await serve('web', '-p', `127.0.0.1:${port}-${port + 20}:8080`);
    expect(await cli.must('port', 'web', '8080')).not.toBe(`127.0.0.1:${port}`);
  } finally {
    server.close();
  }
});

test('all exposed ports are published with -P', async () => {
  const { cli } = engine;
  await serve('web', '--expose', '8080', '--expose', '53/udp', '-P');
  const lines = (await cli.must('port', 'web')).split('\n');
  expect(lines.some((line) => line.startsWith('8080/tcp -> '))).toBe(true);
  expect(lines.some((line) => line.startsWith('53/udp -> '))).toBe(true);
});

test('a container comes to a network and leaves it while it runs', async () => {
  const { cli } = engine;
  await cli.must('network', 'create', 'app');
  await serve('client', '--network', 'app');
  await serve('web');
  await cli.must('network', 'connect', '--alias', 'late', 'app', 'web');
  await expect(async () => expect(await probe('late:8080', '--from', 'client')).toBe('connected')).toPass();
  const [network] = JSON.parse(await cli.must('network', 'inspect', 'app')) as [
    { members: { containerName: string }[] },
  ];
  expect(network.members.map(({ containerName }) => containerName)).toEqual(['client', 'web']);
  expect((await cli.run(['network', 'rm', 'app'])).stderr).toContain('in use by client, web');
  await cli.must('network', 'disconnect', 'app', 'web');
  expect(await probe('late:8080', '--from', 'client')).toBe('unknown-name');
  await cli.must('rm', '-f', 'client');
  expect(await cli.must('network', 'rm', 'app')).toBe('app');
});

test('addresses are what was asked for', async () => {
  const { cli } = engine;
  await cli.must(
    ...['network', 'create', '--subnet', '10.214.1.0/24', '--gateway', '10.214.1.9'],
    ...['--ip-range', '10.214.1.128/25', '--aux-address', 'printer=10.214.1.128', 'app'],
  );
  await serve('web', '--network', 'name=app,ip=10.214.1.77,mac-address=02:42:0a:d6:01:4d');
  await serve('other', '--network', 'app');
  const details = JSON.parse(await cli.must('inspect', 'web', 'other')) as {
    networks: { ipv4: { address: string; gateway: string }; mac: string }[];
  }[];
  expect(details[0]?.networks[0]).toMatchObject({
    ipv4: { address: '10.214.1.77', gateway: '10.214.1.9' },
    mac: '02:42:0a:d6:01:4d',
  });
  expect(details[1]?.networks[0]?.ipv4.address).toMatch(/^10\.214\.1\.(129|1[3-9]\d|2\d\d)$/);
});

test('lists, formats and filters are docker’s', async () => {
  const { cli } = engine;
  await cli.must('network', 'create', '--label', 'role=front', 'app');
  expect(await cli.must('network', 'ls', '--format', '{{.Name}} {{.Driver}} {{.Scope}}')).toBe(
    'app bridge local\nbridge bridge local\nhost host local\nnone null local',
  );
  expect(await cli.must('network', 'ls')).toMatch(/^NETWORK ID\s+NAME\s+DRIVER\s+SCOPE/);
  expect(await cli.must('network', 'ls', '-f', 'label=role=front', '--format', '{{.Name}}')).toBe('app');
  expect(await cli.must('network', 'ls', '-f', 'type=builtin', '-q')).toMatch(/^([0-9a-f]{12}\n?){3}$/);
  expect(await cli.must('network', 'prune', '-f')).toBe('Deleted Networks:\napp');
});

test('events tell who came and went', async () => {
  const { cli } = engine;
  await using events = cli.start(['events', '--since', new Date().toISOString()]);
  await cli.must('network', 'create', 'app');
  await serve('web', '--network', 'app');
  await cli.must('rm', '-f', 'web');
  await cli.must('network', 'rm', 'app');
  await events.saysOnStdout(/network create .* \(name=app, type=bridge\)/);
  await events.saysOnStdout(/network connect .* \(name=app, type=bridge, container=[0-9a-f]{64}\)/);
  await events.saysOnStdout(/network disconnect .* \(name=app/);
  await events.saysOnStdout(/network destroy .* \(name=app/);
});
