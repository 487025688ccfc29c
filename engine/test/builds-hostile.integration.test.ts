import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import tar, { type Header } from 'tar-stream';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeReal, RealEngine } from './real-agent.ts';
import { type BuildOutcome, type BuildSettings, ContextFolder, runBuild } from './support/real-builds.ts';

const patience = { timeout: 120_000 };

/** Attacks on builders that have had a CVE, and their kin. `outside` is a folder of the host that none may touch. */
describeReal('a hostile build', () => {
  const marker = `marker-${randomBytes(12).toString('hex')}`;
  let engine: RealEngine;
  let context: ContextFolder;
  let outside: string;

  beforeAll(async () => {
    engine = await RealEngine.open();
    await engine.client.images.installStarter({ name: 'busybox' });
  }, patience.timeout);
  afterAll(() => engine[Symbol.asyncDispose](), patience.timeout);

  beforeEach(async () => {
    context = await ContextFolder.create();
    outside = await mkdtemp('/var/tmp/longshore-outside-');
    await writeFile(join(outside, 'secret'), marker);
    await writeFile(join(outside, 'empty'), '');
    await mkdir(join(outside, 'folder'));
  });
  afterEach(async () => {
    expect((await readdir(outside)).sort(), 'the host is as it was').toEqual(['empty', 'folder', 'secret']);
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe(marker);
    expect(await readdir(join(outside, 'folder'))).toEqual([]);
    await Promise.all([rm(outside, { recursive: true }), context[Symbol.asyncDispose]()]);
  });

  const build = (dockerfileText: string, settings: BuildSettings = {}): Promise<BuildOutcome> =>
    runBuild(engine, { context: { kind: 'folder', path: context.path }, dockerfileText, ...settings });

  /** Builds it, and answers with what its commands have printed. It must not fail. */
  async function built(dockerfileText: string, settings: BuildSettings = {}): Promise<string> {
    const { error, log } = await build(dockerfileText, settings);
    expect(error).toBeNull();
    return log;
  }

  async function archive(
    entries: readonly (Partial<Header> & { readonly name: string; readonly content?: string })[],
  ): Promise<Buffer> {
    const pack = tar.pack();
    for (const { content, ...header } of entries) pack.entry(header, content ?? '');
    pack.finalize();
    const pieces: Buffer[] = [];
    for await (const piece of pack as unknown as Readable) pieces.push(piece as Buffer);
    return Buffer.concat(pieces);
  }

  it('that moves the place of a mount and puts a link there removes nothing outside (CVE-2024-23652)', async () => {
    for (const victim of ['folder', 'empty']) {
      const mount = victim === 'folder' ? 'type=tmpfs,' : 'type=secret,id=s,';
      const { error } = await build(
        `FROM busybox\nRUN --mount=${mount}target=/a/${victim} mv /a /b && ln -s ${outside} /a\n`,
        { secrets: { s: Buffer.from('x') } },
      );
      expect(error).toBeNull();
    }
  });

  it('that swaps the source of a cache mount for a link mounts nothing else (CVE-2024-23651)', async () => {
    const swap = `for i in $(seq 300); do rm -rf /c/sub; ln -s ${outside} /c/sub; rm -f /c/sub; mkdir /c/sub; done`;
    const probe = (n: number): string =>
      `RUN --mount=type=cache,id=race,source=sub,target=/m echo ${n}; cat /m/secret; touch /m/pwned; true\n`;
    const { log } = await build(
      `FROM busybox AS swapping\nRUN --mount=type=cache,id=race,target=/c ${swap}\n` +
        `FROM busybox AS probing\n${[1, 2, 3, 4].map(probe).join('')}` +
        'FROM busybox\nCOPY --from=swapping /etc/passwd /1\nCOPY --from=probing /etc/passwd /2\n',
    );
    expect(log).not.toContain(marker);
  });

  it.each([
    ['security.insecure', 'RUN --security=insecure true', []],
    ['network.host', 'RUN --network=host true', []],
    ['security.insecure', 'RUN --security=insecure --network=host true', ['network.host']],
    ['network.host', 'RUN --security=insecure --network=host true', ['security.insecure']],
  ] as const)('is not given %s for "%s" (CVE-2024-23653)', async (right, instruction, allow) => {
    const { error } = await build(`FROM busybox\n${instruction}\n`, { allow: [...allow], noCache: true });
    expect(error).toMatchObject({ code: 'permission-denied', detail: { path: right } });
  });

  it(
    'finds no folder of the host among its file descriptors (CVE-2024-21626)',
    async () => {
      const stages = Array.from({ length: 10 }, (_, index) => index + 3).map(
        (fd) =>
          `FROM busybox AS fd${fd}\nWORKDIR /proc/self/fd/${fd}\n` +
          `RUN cat ../../../../../..${outside}/secret; touch ../../../../../..${outside}/pwned; true\n`,
      );
      for (const [index, stage] of stages.entries()) {
        const { log } = await build(stage, { target: `fd${index + 3}` });
        expect(log).not.toContain(marker);
      }
    },
    patience.timeout,
  );

  it(
    'mounts what a link in an image leads to inside of the image (CVE-2024-1753)',
    async () => {
      const log = await built(
        `FROM busybox AS evil\nRUN ln -s ${outside} /out && ln -s / /root-link && mkdir -p /deep && ln -s ../../../..${outside} /deep/up\n` +
          'FROM busybox\n' +
          ['/root-link', '/']
            .map(
              (source) =>
                `RUN --mount=from=evil,source=${source},target=/m ls /m/var/tmp; cat /m${outside}/secret; true\n`,
            )
            .join(''),
      );
      expect(log).not.toContain(marker);
      for (const source of ['/out', '/deep/up', '/root-link/out']) {
        const { log: said } = await build(
          `FROM busybox AS evil\nRUN ln -s ${outside} /out && ln -s / /root-link && mkdir -p /deep && ln -s ../../../..${outside} /deep/up\n` +
            `FROM busybox\nRUN --mount=from=evil,source=${source},target=/m,rw cat /m/secret; touch /m/pwned; true\n`,
        );
        expect(said).not.toContain(marker);
        const copied = await build(
          `FROM busybox AS evil\nRUN ln -s ${outside} /out && ln -s / /root-link && mkdir -p /deep && ln -s ../../../..${outside} /deep/up\n` +
            `FROM busybox\nCOPY --from=evil ${source}/ /x/\nRUN cat /x/* || true\n`,
        );
        expect(copied.log).not.toContain(marker);
      }
    },
    patience.timeout,
  );

  it(
    'names a cache as it likes, and reaches no folder by the name (CVE-2024-9675)',
    async () => {
      for (const id of [`../../../../../../..${outside}`, outside, '..', 'a/../..', 'x y;$(touch z)']) {
        const log = await built(
          `FROM busybox\nRUN --mount=type=cache,"id=${id}",target=/c ls /c; cat /c/secret; touch /c/pwned; true\n`,
        );
        expect(log).not.toContain(marker);
      }
    },
    patience.timeout,
  );

  it('writes to a mounted context, and changes nothing in it (CVE-2024-11218)', async () => {
    await context.write('file', 'mine');
    await built(
      `FROM busybox\nRUN --mount=target=/ctx,rw echo evil > /ctx/file; rm -f /ctx/*; ln -s ${outside} /ctx/out; touch /ctx/out/x; true\n`,
    );
    expect(await readdir(context.path)).toEqual(['file']);
    expect(await readFile(join(context.path, 'file'), 'utf8')).toBe('mine');
  });

  it(
    'adds archives that lead out, and writes inside of the image only',
    async () => {
      const up = `../../../../../../../..${outside}`;
      const link = { type: 'symlink', linkname: outside } as const;
      const cases: Readonly<Record<string, Buffer>> = {
        dots: await archive([{ name: `${up}/pwned`, content: 'x' }]),
        absolute: await archive([{ name: `${outside}/pwned`, content: 'x' }]),
        through: await archive([
          { name: 'd', ...link },
          { name: 'd/pwned', content: 'x' },
        ]),
        twice: await archive([
          { name: 'd', ...link },
          { name: 'd', type: 'directory' },
          { name: 'd/secret', content: 'x' },
        ]),
        hard: await archive([
          { name: 'h', type: 'link', linkname: `${up}/secret` },
          { name: 'h', content: 'overwritten' },
        ]),
        'hard-absolute': await archive([{ name: 'h', type: 'link', linkname: `${outside}/secret` }]),
        'hard-through': await archive([
          { name: 'd', ...link },
          { name: 'h', type: 'link', linkname: 'd/secret' },
        ]),
      };
      for (const [name, bytes] of Object.entries(cases)) {
        await context.write(`${name}.tar`, bytes);
        await context.write(`${name}.tgz`, gzipSync(bytes));
        for (const file of [`${name}.tar`, `${name}.tgz`]) {
          const { log } = await build(`FROM busybox\nADD ${file} /x/\nRUN cat /x/h /x/d/* || true\n`);
          expect(log, file).not.toContain(marker);
        }
      }
    },
    patience.timeout,
  );

  it('adds an archive with devices, and gets none that opens anything of the host', async () => {
    const disk = { type: 'block-device', devmajor: 8, devminor: 0, mode: 0o666 } as const;
    const memory = { type: 'character-device', devmajor: 1, devminor: 1, mode: 0o666 } as const;
    await context.write(
      'd.tar',
      await archive([
        { name: 'disk', ...disk },
        { name: 'mem', ...memory },
      ]),
    );
    const { log } = await build(
      'FROM busybox\nADD d.tar /x/\nUSER 65534\nRUN for d in disk mem; do head -c 1 /x/$d >/dev/null 2>&1 && echo OPENED $d; done; true\n',
    );
    expect(log).not.toContain('OPENED');
  });

  it(
    'adds an archive that is a thousand times what it weighs, and the engine keeps its memory',
    async () => {
      const zeros = await archive([{ name: 'zeros', content: '\0'.repeat(128 * 1024 * 1024) }]);
      await context.write('bomb.tgz', gzipSync(zeros));
      const before = process.memoryUsage().rss;
      expect(await built('FROM busybox\nADD bomb.tgz /x/\nRUN stat -c %s /x/zeros\n')).toContain('134217728');
      expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    },
    patience.timeout,
  );

  it(
    'has links in its context that lead out, and gets links',
    async () => {
      await symlink(join(outside, 'secret'), join(context.path, 'file'));
      await symlink(outside, join(context.path, 'folder'));
      await symlink(`../../../../../..${outside}`, join(context.path, 'up'));
      for (const source of [
        'file',
        'folder/secret',
        'folder/',
        'up/secret',
        '.',
        'f*',
        '../../..' + outside,
      ]) {
        const { log } = await build(
          `FROM busybox\nCOPY ${source} /x/\nRUN find /x -type f | xargs cat; cat /x/*/* || true\n`,
        );
        expect(log, source).not.toContain(marker);
        const mounted = await build(
          `FROM busybox\nRUN --mount=source=${source.replace('*', '')},target=/m cat /m /m/* /m/*/* || true\n`,
        );
        expect(mounted.log, source).not.toContain(marker);
      }
    },
    patience.timeout,
  );

  it(
    'swaps a file of its context for a link while it is read',
    async () => {
      const file = join(context.path, 'file');
      const mine = join(context.path, '.mine');
      const link = join(context.path, '.link');
      const stop = new AbortController();
      const swapping = (async () => {
        while (!stop.signal.aborted) {
          await writeFile(mine, randomBytes(8).toString('hex'));
          await rename(mine, file);
          await unlink(link).catch(() => undefined);
          await symlink(join(outside, 'secret'), link);
          await rename(link, file);
        }
      })();
      for (let round = 0; round < 8; round++) {
        const { log } = await build('FROM busybox\nCOPY file /x\nRUN test -L /x || cat /x\n', {
          noCache: true,
        });
        expect(log).not.toContain(marker);
      }
      stop.abort();
      await swapping;
    },
    patience.timeout,
  );

  it.each(['Dockerfile', '.dockerignore'])('has a %s that is a link out of its context', async (name) => {
    await context.write('Dockerfile', 'FROM busybox\n');
    await rm(join(context.path, name), { force: true });
    for (const target of [join(outside, 'secret'), `../../../..${outside}/secret`, '/proc/self/environ']) {
      await symlink(target, join(context.path, name));
      const { error } = await runBuild(engine, { context: { kind: 'folder', path: context.path } });
      expect(error).toMatchObject({ code: 'invalid-argument' });
      expect(JSON.stringify(error)).not.toContain(marker);
      await unlink(join(context.path, name));
    }
  });

  it.each(['Dockerfile', '.dockerignore'])('has a %s that never ends', async (name) => {
    await context.write('Dockerfile', 'FROM busybox\n');
    await rm(join(context.path, name), { force: true });
    execFileSync('mkfifo', [join(context.path, name)]);
    const { error } = await runBuild(engine, { context: { kind: 'folder', path: context.path } });
    expect(error).toMatchObject({ code: 'invalid-argument' });
    await writeFile(join(context.path, 'big'), '#'.repeat(5 * 1024 * 1024));
    await rename(join(context.path, 'big'), join(context.path, name));
    const { error: tooBig } = await runBuild(engine, { context: { kind: 'folder', path: context.path } });
    expect(tooBig).toMatchObject({ code: 'invalid-argument' });
  });

  it('is sent with links that lead out, and reads nothing through them', async () => {
    const link = { type: 'symlink', linkname: join(outside, 'secret') } as const;
    const sent = await archive([
      { name: 'Dockerfile', ...link },
      { name: 'd', type: 'symlink', linkname: outside },
      { name: 'd/pwned', content: 'x' },
      { name: `../../../../../..${outside}/pwned`, content: 'x' },
    ]);
    const upload = Readable.from([sent]) as AsyncIterable<Uint8Array<ArrayBuffer>>;
    const { error } = await runBuild(engine, { context: { kind: 'upload' } }, upload);
    expect(error).not.toBeNull();
    expect(JSON.stringify(error)).not.toContain(marker);
  });

  it('has an image in the store that claims its step, and does not take it (CVE-2024-24557)', async () => {
    await context.write('file', 'mine');
    const step = 'FROM scratch\nCOPY file /file\n';
    await context.write('evil', 'theirs');
    await built('FROM scratch\nCOPY evil /file\nLABEL by=evil\n', { tags: ['evil:1'] });
    const { result } = await build(step, { tags: ['mine:1'] });
    expect(await built('FROM busybox\nCOPY --from=mine:1 /file /file\nRUN cat /file\n')).toBe('mine');
    // What changes the config only changes the image as well.
    for (const more of ['HEALTHCHECK CMD a', 'ONBUILD RUN b', 'HEALTHCHECK NONE']) {
      const other = await build(`${step}${more}\n`, { tags: ['mine:2'] });
      expect(other.result?.imageId).not.toBe(result?.imageId);
    }
  });

  it('leaves its secrets in no layer, history, log or cache', async () => {
    const secret = randomBytes(24).toString('hex');
    const secrets = { s: Buffer.from(secret) };
    const mounts = '--mount=type=secret,id=s --mount=type=secret,id=s,env=S';
    await built(
      `FROM busybox\nRUN ${mounts} test "$(cat /run/secrets/s)" = "$S" && test -n "$S"\nRUN ls /run > /after\n`,
      { secrets, tags: ['secrets:1'] },
    );
    const { error } = await build(`FROM busybox\nRUN ${mounts} test -s /run/secrets/s && exit 7\n`, {
      secrets,
    });
    expect(error).toMatchObject({ detail: { exitCode: 7 } });
    expect(filesWith(secret, engine.dataDir)).toEqual([]);
    expect(await built('FROM secrets:1\nRUN find / -xdev -name "*secret*"; env\n')).not.toContain(secret);
  });

  it('adds an address that leads to a file of the host', async () => {
    const server = await redirecting(`file://${outside}/secret`);
    try {
      const { port } = server.address() as AddressInfo;
      const { error, log } = await build(`FROM busybox\nADD http://127.0.0.1:${port}/x /x\nRUN cat /x\n`);
      expect(error).toMatchObject({ code: 'unavailable' });
      expect(log).not.toContain(marker);
      const round = await build(`FROM busybox\nADD http://127.0.0.1:${port}/round /x\n`);
      expect(round.error).toMatchObject({ code: 'unavailable' });
    } finally {
      server.close();
    }
  });

  it.each([
    'https://example.org/x.git#--upload-pack=touch${IFS}pwned',
    'git@example.org:--upload-pack=touch.git',
    'ssh://-oProxyCommand=touch/x.git',
    'https://example.org/x.git#main:../../../etc',
  ])('adds the git repository %s, and runs nothing (CVE-2019-13139, CVE-2026-33748)', async (url) => {
    const { error } = await build(`FROM busybox\nADD ${url.replaceAll('$', '\\$')} /x\n`);
    expect(error).not.toBeNull();
    const fromGit = await runBuild(engine, { context: { kind: 'git', url } });
    expect(fromGit.error).not.toBeNull();
    expect(await readdir(context.path)).toEqual([]);
  });
});

/** Names of files below a folder that hold a text. */
function filesWith(text: string, folder: string): readonly string[] {
  try {
    const found = execFileSync('grep', ['-rlaF', '-e', text, folder], { encoding: 'utf8' });
    return found.split('\n').filter((name) => name !== '');
  } catch {
    // grep has found none.
    return [];
  }
}

/** Sends every caller on to `target`, and those of /round on to itself. */
async function redirecting(target: string): Promise<Server> {
  const server = createServer((request, response) => {
    const location = request.url === '/round' ? '/round' : target;
    response.writeHead(302, { location }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
