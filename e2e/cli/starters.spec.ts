import { expect, test } from '@playwright/test';
import { existsSync } from 'node:fs';
import { type ServedEngine, serveEngine } from '../fixtures/engine.ts';

let engine: ServedEngine;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  engine = await serveEngine();
  await engine.cli.must('starter', 'hello');
});

test.afterAll(() => engine[Symbol.asyncDispose]());

test('lists what can be made here, and what has been', async () => {
  expect(await engine.cli.must('starter')).toMatch(/^hello\s+made/m);
  expect(await engine.cli.must('images')).toMatch(/^hello\s+latest/m);
  expect(await engine.cli.run(['starter', 'whale'])).toMatchObject({ stdout: '' });
});

test('hello greets, and ends', async () => {
  const greeting = await engine.cli.must('run', '--rm', 'hello');
  expect(greeting).toContain('Hello from Longshore!');
  expect(greeting).toMatch(/process 1 of container [0-9a-f]{12}\./);
});

test('hello has a shell on a terminal, which stays until it is left', async () => {
  await using shell = engine.cli.startOnTerminal(['run', '-it', '--rm', '-h', 'harbour', 'hello', 'shell']);
  await shell.saysOnStdout(/harbour:\/# $/);
  shell.child.stdin.write('cd /etc\n');
  await shell.saysOnStdout(/harbour:\/etc# $/);
  shell.child.stdin.write('exit 5\n');
  expect((await shell.ended()).code).toBe(5);
});

test('every tool that the shell of hello offers is a program of the image, and no other', async () => {
  const help = await engine.cli.must('run', '--rm', 'hello', 'sh', '-c', 'help');
  const own = new Set(['cd', 'exec', 'exit']);
  const offered = help
    .split('\n')
    .map((line) => /^([a-z]+) /.exec(line)?.[1] ?? '')
    .filter((name) => name !== '' && !own.has(name));
  expect(offered).toContain('uptime');
  const programs = (await engine.cli.must('run', '--rm', '--entrypoint', 'ls', 'hello', '/bin')).split('\n');
  expect(programs).toEqual([...offered, 'sh'].sort());
  expect(await engine.cli.must('run', '--rm', '--entrypoint', 'hostname', '-h', 'pier', 'hello')).toBe(
    'pier',
  );
  expect(await engine.cli.must('run', '--rm', '--entrypoint', 'id', '-u', '7:8', 'hello')).toContain('uid=7');
});

test('hello serves a page that the host reaches at the address of the container', async () => {
  const { cli } = engine;
  await cli.must('run', '-d', '--name', 'web', 'hello', 'serve');
  const [details] = JSON.parse(await cli.must('inspect', 'web')) as [
    { networks: { ipv4: { address: string } }[] },
  ];
  const address = details.networks[0]?.ipv4.address ?? '';
  await expect(async () => {
    expect(await (await fetch(`http://${address}:8080/`)).text()).toContain('Hello from');
  }).toPass();
  await cli.must('stop', 'web');
  expect(await cli.must('wait', 'web')).toBe('0');
  expect(await cli.must('logs', 'web')).toContain('GET / 200');
  await cli.must('rm', 'web');
});

test("busybox is this machine's, with all of its tools", async () => {
  test.skip(!existsSync('/bin/busybox'), 'this machine has no busybox');
  const { cli } = engine;
  await cli.must('starter', 'busybox');
  expect(await cli.must('run', '--rm', 'busybox', 'sh', '-c', 'echo -n a | sha256sum | cut -c1-8')).toBe(
    'ca978112',
  );
});
