import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { describeReal } from './real-agent.ts';
import { OutsideFolder } from './support/outside-folder.ts';
import { BUILD_PATIENCE, BuildBench } from './support/real-builds.ts';

/** Attacks on builders that have had a CVE, and their kin: what RUN does with its mounts, rights and files. */
describeReal('a hostile command of a build', () => {
  const bench = BuildBench.use();
  const outside = OutsideFolder.use();

  it('that moves the place of a mount and puts a link there removes nothing outside (CVE-2024-23652)', async () => {
    for (const victim of ['folder', 'empty']) {
      const mount = victim === 'folder' ? 'type=tmpfs,' : 'type=secret,id=s,';
      const { error } = await bench.build(
        `FROM busybox\nRUN --mount=${mount}target=/a/${victim} mv /a /b && ln -s ${outside.path} /a\n`,
        { secrets: { s: Buffer.from('x') } },
      );
      expect(error).toBeNull();
    }
  });

  it('that swaps the source of a cache mount for a link mounts nothing else (CVE-2024-23651)', async () => {
    const swap = `for i in $(seq 300); do rm -rf /c/sub; ln -s ${outside.path} /c/sub; rm -f /c/sub; mkdir /c/sub; done`;
    const probe = (n: number): string =>
      `RUN --mount=type=cache,id=race,source=sub,target=/m echo ${n}; cat /m/secret; touch /m/pwned; true\n`;
    const { log } = await bench.build(
      `FROM busybox AS swapping\nRUN --mount=type=cache,id=race,target=/c ${swap}\n` +
        `FROM busybox AS probing\n${[1, 2, 3, 4].map(probe).join('')}` +
        'FROM busybox\nCOPY --from=swapping /etc/passwd /1\nCOPY --from=probing /etc/passwd /2\n',
    );
    expect(log).not.toContain(outside.marker);
  });

  it.each([
    ['security.insecure', 'RUN --security=insecure true', []],
    ['network.host', 'RUN --network=host true', []],
    ['security.insecure', 'RUN --security=insecure --network=host true', ['network.host']],
    ['network.host', 'RUN --security=insecure --network=host true', ['security.insecure']],
  ] as const)('is not given %s for "%s" (CVE-2024-23653)', async (right, instruction, allow) => {
    const { error } = await bench.build(`FROM busybox\n${instruction}\n`, {
      allow: [...allow],
      noCache: true,
    });
    expect(error).toMatchObject({ code: 'permission-denied', detail: { path: right } });
  });

  it(
    'finds no folder of the host among its file descriptors (CVE-2024-21626)',
    async () => {
      const stages = Array.from({ length: 10 }, (_, index) => index + 3).map(
        (fd) =>
          `FROM busybox AS fd${fd}\nWORKDIR /proc/self/fd/${fd}\n` +
          `RUN cat ../../../../../..${outside.path}/secret; touch ../../../../../..${outside.path}/pwned; true\n`,
      );
      for (const [index, stage] of stages.entries()) {
        const { log } = await bench.build(stage, { target: `fd${index + 3}` });
        expect(log).not.toContain(outside.marker);
      }
    },
    BUILD_PATIENCE,
  );

  it(
    'mounts what a link in an image leads to inside of the image (CVE-2024-1753)',
    async () => {
      const log = await bench.log(
        `FROM busybox AS evil\nRUN ln -s ${outside.path} /out && ln -s / /root-link && mkdir -p /deep && ln -s ../../../..${outside.path} /deep/up\n` +
          'FROM busybox\n' +
          ['/root-link', '/']
            .map(
              (source) =>
                `RUN --mount=from=evil,source=${source},target=/m ls /m/var/tmp; cat /m${outside.path}/secret; true\n`,
            )
            .join(''),
      );
      expect(log).not.toContain(outside.marker);
      for (const source of ['/out', '/deep/up', '/root-link/out']) {
        const { log: said } = await bench.build(
          `FROM busybox AS evil\nRUN ln -s ${outside.path} /out && ln -s / /root-link && mkdir -p /deep && ln -s ../../../..${outside.path} /deep/up\n` +
            `FROM busybox\nRUN --mount=from=evil,source=${source},target=/m,rw cat /m/secret; touch /m/pwned; true\n`,
        );
        expect(said).not.toContain(outside.marker);
        const copied = await bench.build(
          `FROM busybox AS evil\nRUN ln -s ${outside.path} /out && ln -s / /root-link && mkdir -p /deep && ln -s ../../../..${outside.path} /deep/up\n` +
            `FROM busybox\nCOPY --from=evil ${source}/ /x/\nRUN cat /x/* || true\n`,
        );
        expect(copied.log).not.toContain(outside.marker);
      }
    },
    BUILD_PATIENCE,
  );

  it(
    'names a cache as it likes, and reaches no folder by the name (CVE-2024-9675)',
    async () => {
      for (const id of [
        `../../../../../../..${outside.path}`,
        outside.path,
        '..',
        'a/../..',
        'x y;$(touch z)',
      ]) {
        const log = await bench.log(
          `FROM busybox\nRUN --mount=type=cache,"id=${id}",target=/c ls /c; cat /c/secret; touch /c/pwned; true\n`,
        );
        expect(log).not.toContain(outside.marker);
      }
    },
    BUILD_PATIENCE,
  );

  it('writes to a mounted context, and changes nothing in it (CVE-2024-11218)', async () => {
    await bench.context.write('file', 'mine');
    await bench.log(
      `FROM busybox\nRUN --mount=target=/ctx,rw echo evil > /ctx/file; rm -f /ctx/*; ln -s ${outside.path} /ctx/out; touch /ctx/out/x; true\n`,
    );
    expect(await readdir(bench.context.path)).toEqual(['file']);
    expect(await readFile(join(bench.context.path, 'file'), 'utf8')).toBe('mine');
  });

  it('leaves its secrets in no layer, history, log or cache', async () => {
    const secret = randomBytes(24).toString('hex');
    const secrets = { s: Buffer.from(secret) };
    const mounts = '--mount=type=secret,id=s --mount=type=secret,id=s,env=S';
    await bench.log(
      `FROM busybox\nRUN ${mounts} test "$(cat /run/secrets/s)" = "$S" && test -n "$S"\nRUN ls /run > /after\n`,
      { secrets, tags: ['secrets:1'] },
    );
    const { error } = await bench.build(`FROM busybox\nRUN ${mounts} test -s /run/secrets/s && exit 7\n`, {
      secrets,
    });
    expect(error).toMatchObject({ detail: { exitCode: 7 } });
    // What is left of the commands' containers goes behind the build's back.
    await vi.waitFor(() => expect(filesWith(secret, bench.engine.dataDir)).toEqual([]), BUILD_PATIENCE / 2);
    expect(await bench.log('FROM secrets:1\nRUN find / -xdev -name "*secret*"; env\n')).not.toContain(secret);
  });
});

/** Names of files below a folder that hold a text. Throws where a file could not be read, such as one that has just gone. */
function filesWith(text: string, folder: string): readonly string[] {
  const { status, stdout, stderr } = spawnSync('grep', ['-rlaF', '-e', text, folder], { encoding: 'utf8' });
  // 0: found, 1: none, else: not everything was read.
  if (status !== 0 && status !== 1) throw new Error(`grep: ${stderr}`);
  return stdout.split('\n').filter((name) => name !== '');
}
