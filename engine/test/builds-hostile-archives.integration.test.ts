import { readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { describeReal } from './real-agent.ts';
import { OutsideFolder } from './support/outside-folder.ts';
import { BUILD_PATIENCE, BuildBench, runBuild } from './support/real-builds.ts';
import { tarArchive } from './support/tar-archive.ts';

/** Attacks on builders that have had a CVE, and their kin: what ADD takes from archives, addresses and repositories. */
describeReal('a hostile build that adds', () => {
  const bench = BuildBench.use();
  const outside = OutsideFolder.use();

  it(
    'adds archives that lead out, and writes inside of the image only',
    async () => {
      const up = `../../../../../../../..${outside.path}`;
      const link = { type: 'symlink', linkname: outside.path } as const;
      const cases: Readonly<Record<string, Buffer>> = {
        dots: await tarArchive([{ name: `${up}/pwned`, content: 'x' }]),
        absolute: await tarArchive([{ name: `${outside.path}/pwned`, content: 'x' }]),
        through: await tarArchive([
          { name: 'd', ...link },
          { name: 'd/pwned', content: 'x' },
        ]),
        twice: await tarArchive([
          { name: 'd', ...link },
          { name: 'd', type: 'directory' },
          { name: 'd/secret', content: 'x' },
        ]),
        hard: await tarArchive([
          { name: 'h', type: 'link', linkname: `${up}/secret` },
          { name: 'h', content: 'overwritten' },
        ]),
        'hard-absolute': await tarArchive([{ name: 'h', type: 'link', linkname: `${outside.path}/secret` }]),
        'hard-through': await tarArchive([
          { name: 'd', ...link },
          { name: 'h', type: 'link', linkname: 'd/secret' },
        ]),
      };
      for (const [name, bytes] of Object.entries(cases)) {
        await bench.context.write(`${name}.tar`, bytes);
        await bench.context.write(`${name}.tgz`, gzipSync(bytes));
        for (const file of [`${name}.tar`, `${name}.tgz`]) {
          const { log } = await bench.build(`FROM busybox\nADD ${file} /x/\nRUN cat /x/h /x/d/* || true\n`);
          expect(log, file).not.toContain(outside.marker);
        }
      }
    },
    BUILD_PATIENCE,
  );

  it('adds an archive with devices, and gets none that opens anything of the host', async () => {
    const disk = { type: 'block-device', devmajor: 8, devminor: 0, mode: 0o666 } as const;
    const memory = { type: 'character-device', devmajor: 1, devminor: 1, mode: 0o666 } as const;
    await bench.context.write(
      'd.tar',
      await tarArchive([
        { name: 'disk', ...disk },
        { name: 'mem', ...memory },
      ]),
    );
    const { log } = await bench.build(
      'FROM busybox\nADD d.tar /x/\nUSER 65534\nRUN for d in disk mem; do head -c 1 /x/$d >/dev/null 2>&1 && echo OPENED $d; done; true\n',
    );
    expect(log).not.toContain('OPENED');
  });

  it(
    'adds an archive that is a thousand times what it weighs, and the engine keeps its memory',
    async () => {
      const zeros = await tarArchive([{ name: 'zeros', content: '\0'.repeat(128 * 1024 * 1024) }]);
      await bench.context.write('bomb.tgz', gzipSync(zeros));
      const before = process.memoryUsage().rss;
      expect(await bench.log('FROM busybox\nADD bomb.tgz /x/\nRUN stat -c %s /x/zeros\n')).toContain(
        '134217728',
      );
      expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    },
    BUILD_PATIENCE,
  );

  it('adds an address that leads to a file of the host', async () => {
    const server = await redirecting(`file://${outside.path}/secret`);
    try {
      const { port } = server.address() as AddressInfo;
      const { error, log } = await bench.build(
        `FROM busybox\nADD http://127.0.0.1:${port}/x /x\nRUN cat /x\n`,
      );
      expect(error).toMatchObject({ code: 'unavailable' });
      expect(log).not.toContain(outside.marker);
      const round = await bench.build(`FROM busybox\nADD http://127.0.0.1:${port}/round /x\n`);
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
    const { error } = await bench.build(`FROM busybox\nADD ${url.replaceAll('$', '\\$')} /x\n`);
    expect(error).not.toBeNull();
    const fromGit = await runBuild(bench.engine, { context: { kind: 'git', url } });
    expect(fromGit.error).not.toBeNull();
    expect(await readdir(bench.context.path)).toEqual([]);
  });
});

/** Sends every caller on to `target`, and those of /round on to itself. */
async function redirecting(target: string): Promise<Server> {
  const server = createServer((request, response) => {
    const location = request.url === '/round' ? '/round' : target;
    response.writeHead(302, { location }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
