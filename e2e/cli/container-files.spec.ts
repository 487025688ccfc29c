import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { type ServedEngine, serveEngine } from '../fixtures/engine.ts';

const run = promisify(execFile);

let engine: ServedEngine;
let here: string;

test.beforeAll(async () => {
  engine = await serveEngine();
  await engine.cli.must('starter', 'busybox');
  here = await mkdtemp(path.join(os.tmpdir(), 'longshore-files-'));
  await mkdir(path.join(here, 'dir/sub'), { recursive: true });
  await writeFile(path.join(here, 'dir/sub/note'), 'ahoy\n');
  await symlink('sub/note', path.join(here, 'dir/link'));
});

test.afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(here, { recursive: true, force: true });
});

const local = (name: string) => path.join(here, name);

for (const state of ['running', 'stopped', 'created'] as const) {
  test(`copies both ways with a container that is ${state}`, async () => {
    const { cli } = engine;
    const name = `cp-${state}`;
    await cli.must(
      state === 'created' ? 'create' : 'run',
      ...(state === 'created' ? [] : ['-d']),
      '--name',
      name,
      'busybox',
      'sleep',
      '1000',
    );
    if (state === 'stopped') await cli.must('stop', '-t', '0', name);

    await cli.must('cp', local('dir'), `${name}:/srv-new`);
    await cli.must('cp', `${local('dir')}/.`, `${name}:/srv-new`);
    await cli.must('cp', local('dir/sub/note'), `${name}:/srv-new/named`);
    const back = local(`back-${state}`);
    await cli.must('cp', `${name}:/srv-new`, back);
    const { stdout } = await run('find', ['.', '-printf', '%y %P %l\n'], { cwd: back });
    expect(
      stdout
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== 'd')
        .sort(),
    ).toEqual(['', 'd sub', 'f named', 'f sub/note', 'l link sub/note'].sort());
    expect(await readFile(path.join(back, 'sub/note'), 'utf8')).toBe('ahoy\n');

    if (state === 'created') await cli.must('start', name);
    if (state !== 'stopped') expect(await cli.must('exec', name, 'cat', '/srv-new/link')).toBe('ahoy');
    await cli.must('rm', '-f', name);
  });
}

test('copies by tar archives on stdin and stdout', async () => {
  const { cli } = engine;
  await cli.must('run', '-d', '--name', 'tarred', 'busybox', 'sleep', '1000');
  const packed = local('packed.tar');
  await run('tar', ['-czf', packed, '-C', local('dir'), 'sub']);
  const command = cli.start(['cp', '-', 'tarred:/tmp']);
  command.child.stdin.end(await readFile(packed));
  expect(await command.ended()).toMatchObject({ code: 0 });
  expect(await cli.must('exec', 'tarred', 'cat', '/tmp/sub/note')).toBe('ahoy');
  expect((await cli.run(['cp', 'tarred:/tmp/sub/note', '-'])).stdout).toContain('ahoy');
  await cli.must('rm', '-f', 'tarred');
});

test('says in the words of docker what is not there', async () => {
  const { cli } = engine;
  await cli.must('create', '--name', 'empty', 'busybox');
  expect(await cli.run(['cp', 'empty:/none', here])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Could not find the file /none in container empty'),
  });
  expect((await cli.run(['cp', local('none'), 'empty:/'])).stderr).toContain('no such file or directory');
  expect((await cli.run(['cp', local('dir'), 'empty:/none/deep'])).stderr).toContain(
    'Could not find the file /none in container empty',
  );
  expect((await cli.run(['cp', 'ghost:/etc', here])).stderr).toContain('No such container: ghost');
  await cli.must('rm', 'empty');
});

test('shows what a container changed, and exports it whole', async () => {
  const { cli } = engine;
  const script = 'echo new > /etc/new; rm /etc/group; echo more >> /etc/passwd';
  await cli.must('run', '--name', 'changed', 'busybox', 'sh', '-c', script);
  const lines = (await cli.must('diff', 'changed')).split('\n');
  expect(lines).toEqual(expect.arrayContaining(['C /etc', 'A /etc/new', 'D /etc/group', 'C /etc/passwd']));

  const file = local('root.tar');
  await cli.must('export', '-o', file, 'changed');
  const { stdout } = await run('tar', ['-tf', file]);
  const names = stdout.split('\n').map((name) => name.replace(/^\.\//, ''));
  expect(names).toEqual(expect.arrayContaining(['bin/busybox', 'etc/new']));
  expect(names).not.toContain('etc/group');
  await cli.must('rm', 'changed');
});

test('makes an image of a container, which runs at once', async () => {
  const { cli } = engine;
  await cli.must(
    'run',
    '-d',
    '--name',
    'worker',
    'busybox',
    'sh',
    '-c',
    'echo made > /made; rm /etc/group; sleep 1000',
  );
  await expect.poll(() => cli.must('diff', 'worker')).toContain('D /etc/group');
  const changes = ['-c', 'ENV GREETING="a hoy"', '-c', 'CMD ["sh", "-c", "cat /made; echo $GREETING"]'];
  const id = await cli.must('commit', '-a', 'me', '-m', 'what I did', ...changes, 'worker', 'mine:1');
  expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(await cli.must('ps')).toMatch(/worker/);
  await cli.must('rm', '-f', 'worker');
  await cli.must('rmi', 'busybox');
  expect(await cli.must('run', '--rm', 'mine:1')).toBe('made\na hoy');
  expect((await cli.run(['run', '--rm', 'mine:1', 'ls', '/etc/group'])).code).not.toBe(0);
  const [details] = JSON.parse(await cli.must('inspect', 'mine:1')) as [
    { author: string; layers: unknown[] },
  ];
  expect(details).toMatchObject({ author: 'me', history: [{}, { comment: 'what I did' }] });
  expect(details.layers).toHaveLength(2);
});
