import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import * as tar from 'tar-stream';
import { type ServedEngine, serveEngine } from '../fixtures/engine.ts';

let engine: ServedEngine;
let here: string;

test.beforeAll(async () => {
  engine = await serveEngine();
  await engine.cli.must('starter', 'busybox');
  here = await mkdtemp(path.join(os.tmpdir(), 'longshore-volumes-'));
});

test.afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(here, { recursive: true, force: true });
});

const must = (...args: readonly string[]): Promise<string> => engine.cli.must(...args);
const shell = (script: string, ...flags: readonly string[]): Promise<string> =>
  must('run', '--rm', '--network', 'none', ...flags, 'busybox', 'sh', '-c', script);
const names = async (...flags: readonly string[]): Promise<readonly string[]> =>
  (await must('volume', 'ls', '-q', ...flags)).split('\n').filter((name) => name !== '');

test('data outlives the containers that wrote it', async () => {
  expect(await must('volume', 'create', '--label', 'role=db', 'data')).toBe('data');
  await shell('echo ahoy > /data/file', '-v', 'data:/data');
  expect(await shell('cat /x/file', '--mount', 'source=data,target=/x,readonly')).toBe('ahoy');
  expect(await names('--filter', 'label=role=db')).toEqual(['data']);
  const [inspected] = JSON.parse(await must('volume', 'inspect', 'data')) as [{ mountpoint: string }];
  expect(inspected).toMatchObject({ name: 'data', driver: 'local', labels: { role: 'db' } });
  expect(await readFile(path.join(inspected.mountpoint, 'file'), 'utf8')).toBe('ahoy\n');
});

test('volumes without a name go with --rm and rm -v, and stay without', async () => {
  const before = await names();
  await shell('true', '-v', '/scratch');
  expect(await names()).toEqual(before);
  await must('create', '--name', 'keeps', '-v', '/scratch', 'busybox');
  await must('rm', 'keeps');
  expect((await names()).length).toBe(before.length + 1);
  await must('create', '--name', 'takes', '-v', '/scratch', 'busybox');
  await must('rm', '-v', 'takes');
  expect((await names()).length).toBe(before.length + 1);
  expect(await must('volume', 'prune', '-f')).toContain('Deleted Volumes:');
  expect(await names()).toEqual(before);
});

test('inspect finds volumes and networks among all, and looks only where it is told to', async () => {
  await must('volume', 'create', 'bridge');
  expect(await must('inspect', '--format', '{{.Driver}}', 'bridge')).toBe('bridge');
  expect(await must('inspect', '--type', 'volume', '--format', '{{.Driver}}', 'bridge')).toBe('local');
  expect(await must('volume', 'inspect', '-f', '{{.Name}}', 'bridge')).toBe('bridge');
  expect(await must('network', 'inspect', '-v', '-f', '{{.Name}}', 'bridge')).toBe('bridge');
  const missing = await engine.cli.run(['inspect', '--type', 'container', 'bridge']);
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('no container "bridge"')]);
  expect((await engine.cli.run(['inspect', '--type', 'pod', 'bridge'])).code).not.toBe(0);
  await must('volume', 'rm', '--permanently', 'bridge');
});

test('a volume that a container has is not removed, and the container is named', async () => {
  await must('create', '--name', 'holder', '-v', 'held:/x', 'busybox');
  const refused = await engine.cli.run(['volume', 'rm', 'held']);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('holder')]);
  expect(await must('ps', '-a', '--filter', 'volume=held', '--format', '{{.Names}}')).toBe('holder');
  expect(await must('ps', '-a', '--filter', 'volume=/x', '--format', '{{.Names}}')).toBe('holder');
  expect(await must('ps', '-a', '--filter', 'volume=other', '-q')).toBe('');
  await must('rm', 'holder');
  await must('volume', 'rm', 'held');
});

test('the volumes of another container come along, read-only if that is asked', async () => {
  await must('create', '--name', 'first', '-v', 'data:/data', 'busybox');
  expect(await shell('cat /data/file', '--volumes-from', 'first')).toBe('ahoy');
  expect(await shell('touch /data/x 2>&1 || true', '--volumes-from', 'first:ro')).toContain('Read-only');
  await must('rm', 'first');
});

test('what is removed or emptied comes back from the trash', async () => {
  await shell('echo precious > /x/file', '-v', 'precious:/x');
  await must('volume', 'rm', 'precious');
  expect(await must('volume', 'trash', 'ls')).toContain('precious');
  await must('volume', 'trash', 'restore', 'precious');
  expect(await shell('cat /x/file', '-v', 'precious:/x')).toBe('precious');
  await must('volume', 'empty', 'precious');
  expect(await shell('ls /x', '-v', 'precious:/x')).toBe('');
  await must('volume', 'trash', 'restore', 'precious', 'former');
  expect(await shell('cat /x/file', '-v', 'former:/x')).toBe('precious');
  await must('volume', 'rm', '--permanently', 'precious', 'former');
  expect(await must('volume', 'trash', 'purge', '-f')).toContain('Total reclaimed space:');
  expect(await must('volume', 'trash', 'ls', '--format', '{{.Name}}')).toBe('');
});

test('volumes are cloned, exported and imported', async () => {
  await must('volume', 'clone', 'data', 'copy');
  expect(await shell('cat /x/file', '-v', 'copy:/x')).toBe('ahoy');
  const archive = path.join(here, 'copy.tar');
  await must('volume', 'export', 'copy', '-o', archive);
  await must('volume', 'import', 'imported', archive);
  expect(await shell('cat /x/file', '-v', 'imported:/x')).toBe('ahoy');
  const refused = await engine.cli.run(['volume', 'import', 'imported', archive]);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('exists already')]);
  await must('volume', 'import', '--replace', 'imported', archive);
  const [, row = ''] = (await must('volume', 'size', 'imported')).split('\n');
  expect(row).toMatch(/^imported\s+\S+\s+1$/);
});

test('-v makes a missing folder, --mount says that it is missing', async () => {
  const missing = path.join(here, 'made');
  const refused = await engine.cli.run([
    'run',
    '--rm',
    '--mount',
    `type=bind,src=${missing},dst=/x`,
    'busybox',
  ]);
  expect([refused.code === 0, refused.stderr]).toEqual([false, expect.stringContaining(missing)]);
  await shell('echo x > /x/file', '-v', `${missing}:/x`);
  expect(await readFile(path.join(missing, 'file'), 'utf8')).toBe('x\n');
});

test('bad input is refused with what is wrong with it, and nothing changes', async () => {
  await must('volume', 'create', '--label', 'role=db', 'data');
  const before = await names();
  const bad: readonly (readonly [readonly string[], string])[] = [
    [['volume', 'create', '../x'], 'volume name'],
    [['volume', 'create', 'DATA'], 'only in case'],
    [['volume', 'create', '-o', 'colour=red', 'new'], 'colour'],
    [['volume', 'create', '-d', 'flocker', 'new'], 'driver'],
    [['volume', 'create', '--scope', 'multi', 'new'], 'swarm'],
    [['volume', 'create', '-o', 'type=nfs', '-o', 'device=:/export', 'new'], 'addr'],
    [['volume', 'create', '-o', 'type=ext4', '-o', 'device=/dev/sda', 'new'], 'ext4'],
    [['volume', 'create', '--label', 'role=web', 'data'], 'other labels'],
    [['volume', 'rm', 'unknown'], 'No such volume: unknown'],
    [['volume', 'inspect', 'unknown'], 'There is no volume "unknown"'],
    [['volume', 'trash', 'restore', 'unknown'], 'unknown'],
    [['volume', 'ls', '--filter', 'colour=red'], 'colour'],
    [['create', '--mount', 'type=volume,target=/x,volume-subpath=../y', 'busybox'], 'relative path'],
  ];
  for (const [args, said] of bad) {
    const refused = await engine.cli.run(args);
    expect([args, refused.code === 0, refused.stderr]).toEqual([args, false, expect.stringContaining(said)]);
  }
  expect(await names()).toEqual(before);
});

test('an archive that leads out of its volume makes none', async () => {
  const pack = tar.pack();
  pack.entry({ name: '../../escaped' }, 'x');
  pack.finalize();
  const archive = path.join(here, 'escaping.tar');
  await writeFile(archive, pack as AsyncIterable<Buffer>);
  const refused = await engine.cli.run(['volume', 'import', 'escaping', archive]);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('escaped')]);
  expect(await names()).not.toContain('escaping');
});

test('an archive that is none makes no volume', async () => {
  await mkdir(path.join(here, 'bad'));
  const archive = path.join(here, 'bad/archive.tar');
  await writeFile(archive, Buffer.alloc(4096, 'x'));
  const refused = await engine.cli.run(['volume', 'import', 'bad', archive]);
  expect(refused.code).toBe(1);
  expect(await names()).not.toContain('bad');
});
