import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { hasDocker, importBusybox, startDocker } from '../fixtures/dockerd.ts';
import { type ServedEngine, serveEngine } from '../fixtures/engine.ts';
import { busyboxImage } from '../fixtures/images.ts';
import { makePrivateNetwork } from '../fixtures/private-network.ts';

const run = promisify(execFile);

test.skip(!existsSync('/bin/busybox'), 'this machine has no busybox');

let engine: ServedEngine;
let here: string;

test.beforeEach(async () => {
  engine = await serveEngine();
  await engine.cli.must('starter', 'busybox');
  here = await mkdtemp(path.join(os.tmpdir(), 'longshore-images-'));
});

test.afterEach(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(here, { recursive: true, force: true });
});

const local = (name: string) => path.join(here, name);

async function idOf(image: string): Promise<string> {
  const [{ id }] = JSON.parse(await engine.cli.must('image', 'inspect', image)) as [{ id: string }];
  return id;
}

test('lists by filters and templates, tells the history, and removes with what goes told before', async () => {
  const { cli } = engine;
  await cli.must('run', '--name', 'maker', 'busybox', 'sh', '-c', 'echo made > /etc/made');
  await cli.must('commit', '-m', 'what I did', '-c', 'LABEL team=harbour', 'maker', 'team/made:1');
  await cli.must('tag', 'team/made:1', 'team/made:2');
  await cli.must('rm', 'maker');

  const names = '{{.Repository}}:{{.Tag}}';
  expect(await cli.must('images', '--format', names, 'team/*')).toBe('team/made:1\nteam/made:2');
  expect(
    await cli.must('images', '--format', names, '-f', 'label=team=harbour', '-f', 'reference=*/*:2'),
  ).toBe('team/made:2');
  expect(await cli.must('images', '--format', names, '-f', 'before=team/made:1')).not.toContain('team/made');
  expect(await cli.must('images', '-q', '--no-trunc', 'team/made:1')).toBe(await idOf('team/made:1'));
  expect(await cli.must('images', '--digests', 'busybox')).toMatch(/REPOSITORY +TAG +DIGEST +IMAGE ID/);
  const history = (
    await cli.must('history', '--format', '{{.Size}}|{{.CreatedBy}}|{{.Comment}}', 'team/made:1')
  ).split('\n');
  expect(history).toEqual([
    expect.stringMatching(/^\d.*\|sh -c echo made > \/etc\/made\|what I did$/),
    expect.stringContaining('longshore starter busybox'),
  ]);
  expect(await cli.must('image', 'files', 'team/made:1', '/etc/made')).toMatch(
    /^[0-9a-f]{12} -rw-r--r-- 0:0 +5 .*\/etc\/made$/,
  );

  expect((await cli.run(['rmi', await idOf('team/made:1')])).stderr).toContain('several names');
  expect(await cli.must('rmi', 'team/made:1')).toBe('Untagged: team/made:1');
  const made = await idOf('team/made:2');
  await cli.must('commit', await cli.must('create', '--name', 'again', 'team/made:2'), 'team/made:2');
  expect((await cli.run(['image', 'prune'], 'n\n')).stderr).toContain('no image that would be removed');
  await cli.must('rm', 'again');
  const asked = await cli.run(['image', 'prune'], 'n\n');
  expect(asked.stderr).toContain(made.slice('sha256:'.length, 'sha256:'.length + 12));
  expect(await cli.must('image', 'prune', '-f')).toMatch(
    new RegExp(`^Deleted Images:\ndeleted: ${made}\n\nTotal reclaimed space: \\d`),
  );
  expect((await cli.run(['rmi', '-f', 'ghost'])).code).toBe(0);
  expect((await cli.run(['rmi', 'ghost'])).code).toBe(1);
});

test('saves and loads through files and pipes, and refuses terminals', async () => {
  const { cli } = engine;
  const id = await idOf('busybox');
  await cli.must('tag', 'busybox', 'registry.test/tools:2');
  const file = local('saved.tar');
  await cli.must('save', '-o', file, 'busybox', 'registry.test/tools');
  const archive = gzipSync(await readFile(file));
  await cli.must('rmi', '-f', id);
  expect(await cli.must('images', '-q')).toBe('');

  const loading = cli.start(['load']);
  loading.child.stdin.end(archive);
  expect(await loading.ended()).toMatchObject({
    code: 0,
    stdout: 'Loaded image: busybox:latest\nLoaded image: registry.test/tools:2\n',
  });
  expect(await idOf('registry.test/tools:2')).toBe(id);
  expect(await cli.must('run', '--rm', 'busybox', 'echo', 'ahoy')).toBe('ahoy');
  expect(await cli.must('load', '-q', '-i', file)).toContain('Loaded image: busybox:latest');

  await using saving = cli.startOnTerminal(['save', 'busybox']);
  expect(await saving.ended()).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('refusing'),
  });
  await using waiting = cli.startOnTerminal(['load']);
  expect(await waiting.ended()).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('terminal'),
  });
});

test('an archive that is cut off, or of another kind, leaves nothing; what helps is said', async () => {
  const { cli, folders } = engine;
  const file = local('saved.tar');
  await cli.must('save', '-o', file, 'busybox');
  await cli.must('rmi', 'busybox');
  const bytes = await readFile(file);
  const cases = [
    { name: 'cut.tar', bytes: bytes.subarray(0, bytes.length / 2), says: 'not valid' },
    {
      name: 'root.tar',
      bytes: gunzipSync((await busyboxImage()).layers[0] ?? Buffer.alloc(0)),
      says: 'longshore import',
    },
    { name: 'x.tar.zst', bytes: Buffer.from('28b52ffd00000000', 'hex'), says: 'cut off or damaged' },
    { name: 'x.tar.xz', bytes: Buffer.from('fd377a585a0000', 'hex'), says: 'cut off or damaged' },
  ];
  for (const { name, bytes: content, says } of cases) {
    await writeFile(local(name), content);
    const { code, stderr } = await cli.run(['load', '-i', local(name)]);
    expect(code).toBe(1);
    expect(stderr).toContain(says);
  }
  expect((await cli.run(['load', '-i', local('none.tar')])).stderr).toContain('no such file');
  expect(await readdir(path.join(folders.data, 'engine/ingest'))).toEqual([]);
  expect(await readdir(path.join(folders.data, 'engine/content/blobs/sha256'))).toEqual([]);
});

test('imports a root file system, which runs at once', async () => {
  const { cli } = engine;
  const root = local('root.tar.gz');
  await writeFile(root, (await busyboxImage()).layers[0] ?? '');
  const changes = ['-c', 'CMD ["/bin/cat", "/etc/group"]', '-c', 'ENV A=1'];
  const id = await cli.must('import', ...changes, '-m', 'from a file', root, 'mine:1');
  expect(id).toBe(await idOf('mine:1'));
  expect(await cli.must('run', '--rm', 'mine:1')).toBe('root:x:0:\nnogroup:x:65534:');
  expect(await cli.must('history', '--format', '{{.Comment}}', 'mine:1')).toBe('from a file');
});

test('an image for another platform is warned of, and says what is missing when it is run', async () => {
  const { cli } = engine;
  await mkdir(local('root'));
  await writeFile(local('root/program'), foreignProgram());
  await chmod(local('root/program'), 0o755);
  await run('tar', ['-cf', local('root.tar'), '-C', local('root'), '.']);
  await cli.must(
    'import',
    '--platform',
    'linux/s390x',
    '-c',
    'CMD ["/program"]',
    local('root.tar'),
    'foreign',
  );
  const [image] = JSON.parse(await cli.must('image', 'inspect', 'foreign')) as [object];
  expect(image).toMatchObject({ platform: { os: 'linux', architecture: 's390x' } });
  const { code, stderr } = await cli.run(['run', '--rm', 'foreign']);
  expect(code).toBe(126);
  expect(stderr).toContain('linux/s390x');
  expect(stderr).toContain('qemu-user-static');
});

test('exchanges images with docker in both directions, ids equal', async () => {
  test.skip(!hasDocker, 'Docker is not installed');
  const { cli } = engine;
  await using network = await makePrivateNetwork();
  await using docker = await startDocker(network);
  await test.step('what docker saved loads here', async () => {
    await importBusybox(docker);
    await docker.docker('tag', 'busybox', 'there/busybox:1');
    const file = local('docker.tar');
    await docker.docker('save', '-o', file, 'there/busybox:1');
    expect(await cli.must('load', '-i', file)).toBe('Loaded image: there/busybox:1');
    expect(await idOf('there/busybox:1')).toBe(
      await docker.docker('image', 'inspect', '-f', '{{.Id}}', 'busybox'),
    );
    expect(await cli.must('run', '--rm', 'there/busybox:1', '/bin/echo', 'ahoy')).toBe('ahoy');
  });
  await test.step('what was saved here loads there', async () => {
    await cli.must('run', '--name', 'maker', 'busybox', 'sh', '-c', 'echo made > /made');
    await cli.must('commit', 'maker', 'here/made:1');
    const file = local('ours.tar');
    await cli.must('save', '-o', file, 'here/made:1', 'busybox');
    const said = await docker.docker('load', '-i', file);
    expect(said).toContain('Loaded image: here/made:1');
    expect(await docker.docker('image', 'inspect', '-f', '{{.Id}}', 'here/made:1')).toBe(
      await idOf('here/made:1'),
    );
    const words = ['run', '--rm', '--network', 'none', 'here/made:1', '/bin/cat', '/made'];
    expect(await docker.docker(...words)).toBe('made');
  });
});

/** The header of a program for another processor, which no kernel of this one executes (elf(5)). */
function foreignProgram(): Buffer {
  const header = Buffer.alloc(64 + 56);
  // 64 bits, big endian, current version.
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 2, 1]);
  header.writeUInt16BE(2, 16);
  // EM_S390
  header.writeUInt16BE(22, 18);
  header.writeUInt32BE(1, 20);
  header.writeUInt16BE(64, 52);
  return header;
}
