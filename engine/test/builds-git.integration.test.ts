import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeReal, RealEngine } from './real-agent.ts';
import { type BuildOutcome, type BuildSettings, runBuild } from './support/real-builds.ts';

const run = promisify(execFile);
const patience = { timeout: 120_000 };

describeReal('builds of git repositories', repositories, ['git']);

function repositories(): void {
  let engine: RealEngine;
  let folder: string;
  let work: string;
  let daemon: ChildProcess;
  let url: string;
  let first: string;

  const git = async (...words: readonly string[]): Promise<string> => {
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@test', '-c', 'init.defaultBranch=main'];
    return (await run('git', [...identity, ...words], { cwd: work })).stdout.trim();
  };

  async function commit(name: string, content: string): Promise<string> {
    await mkdir(join(work, name, '..'), { recursive: true });
    await writeFile(join(work, name), content);
    await git('add', '-A');
    await git('commit', '-q', '-m', name);
    return git('rev-parse', 'HEAD');
  }

  beforeAll(async () => {
    engine = await RealEngine.open();
    await engine.client.images.installStarter({ name: 'busybox' });
    folder = await mkdtemp('/var/tmp/longshore-git-');
    work = join(folder, 'repository.git');
    await mkdir(work);
    await git('init', '-q');
    await writeFile(join(work, 'run-me'), '#!', { mode: 0o755 });
    await symlink('/etc', join(work, 'leads-out'));
    await commit(
      'Dockerfile',
      'FROM busybox\nCOPY . /c\nRUN cd /c && ls -A && cat version && stat -c %a run-me version',
    );
    first = await commit('version', 'one\n');
    await git('tag', 'v1');
    await commit('version', 'two\n');
    await git('checkout', '-q', '-b', 'side');
    await commit('inner/Dockerfile', 'FROM busybox\nCOPY . /c\nRUN ls -A /c');
    await git('checkout', '-q', 'main');
    const port = await freePort();
    daemon = spawn(
      'git',
      [
        'daemon',
        '--export-all',
        `--base-path=${folder}`,
        '--listen=127.0.0.1',
        `--port=${port}`,
        '--reuseaddr',
        '--verbose',
        '--log-destination=stderr',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    await once(daemon.stderr ?? daemon, 'data');
    url = `git://127.0.0.1:${port}/repository.git`;
  }, patience.timeout);
  afterAll(async () => {
    daemon.kill();
    await once(daemon, 'exit');
    await engine[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  }, patience.timeout);

  const build = (
    settings: BuildSettings & { readonly context: BuildSettings['context'] },
  ): Promise<BuildOutcome> =>
    runBuild(engine, { ...settings, context: settings.context ?? { kind: 'empty' } });

  const ofUrl = (address: string, more: BuildSettings = {}): Promise<BuildOutcome> =>
    build({ context: { kind: 'git', url: address }, noCache: true, ...more });

  it.each([
    ['its newest commit', '', 'two'],
    ['a tag', '#v1', 'one'],
    ['a branch', '#main', 'two'],
  ])('take %s', async (_, ref, version) => {
    const { error, log } = await ofUrl(url + ref);
    expect(error).toBeNull();
    expect(log.trim().split('\n')).toEqual([
      'Dockerfile',
      'leads-out',
      'run-me',
      'version',
      version,
      '755',
      '644',
    ]);
  });

  it('take a commit by its name or the beginning of it, and a folder', async () => {
    for (const name of [first, first.slice(0, 9)])
      expect((await ofUrl(`${url}#${name}`)).log).toContain('one\n');
    expect((await ofUrl(`${url}#side:inner`)).log).toBe('Dockerfile\n');
  });

  it('are found in the cache, wherever they are fetched to', async () => {
    await ofUrl(url, { noCache: false });
    const { events } = await ofUrl(url, { noCache: false });
    const states = events.flatMap((event) => (event.type === 'step-ended' ? [event.state] : []));
    expect(new Set(states)).toEqual(new Set(['cached']));
    expect(await readdir(join(engine.dataDir, 'engine/build-temporary'))).toEqual([]);
  });

  it('are added by ADD, with their history where it is asked for', async () => {
    const { error, log } = await build({
      context: { kind: 'empty' },
      dockerfileText: `FROM busybox
        ADD ${url}#v1 /plain
        ADD --keep-git-dir=true ${url} /kept
        ADD --checksum=${first} ${url}#v1 /checked
        RUN cat /plain/version /kept/version /checked/version; ls -d /plain/.git /kept/.git 2>/dev/null; true`,
    });
    expect(error).toBeNull();
    expect(log).toBe('one\ntwo\none\n/kept/.git\n');
    const wrong = `FROM busybox\nADD --checksum=${'0'.repeat(40)} ${url} /`;
    expect((await build({ context: { kind: 'empty' }, dockerfileText: wrong })).error).toMatchObject({
      code: 'invalid-argument',
      detail: { step: 'checksum' },
    });
  });

  it('are named contexts', async () => {
    const { log } = await build({
      context: { kind: 'empty' },
      contexts: { source: { kind: 'git', url: `${url}#v1` } },
      dockerfileText: 'FROM busybox\nCOPY --from=source version /\nRUN cat /version',
    });
    expect(log).toBe('one\n');
  });

  it.each([
    [
      'an option in place of a ref',
      (base: string) => `${base}#--upload-pack=touch /var/tmp/longshore-git-owned`,
    ],
    ['a folder outside', (base: string) => `${base}#main:leads-out`],
    ['a program as its transport', () => 'ext::sh -c "touch /var/tmp/longshore-git-owned" .git'],
    ['a repository of this machine', () => `file://${work}`],
    ['a branch that is not there', (base: string) => `${base}#missing`],
  ])('refuse %s', async (_, address) => {
    const { error } = await ofUrl(address(url));
    expect(error?.code).toMatch(/^(invalid-argument|unavailable)$/);
    await expect(access('/var/tmp/longshore-git-owned')).rejects.toMatchObject({ code: 'ENOENT' });
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
