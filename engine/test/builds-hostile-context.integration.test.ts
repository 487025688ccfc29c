import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { describeReal } from './real-agent.ts';
import { OutsideFolder } from './support/outside-folder.ts';
import { BUILD_PATIENCE, BuildBench, runBuild } from './support/real-builds.ts';
import { tarArchive } from './support/tar-archive.ts';

/** Attacks on builders that have had a CVE, and their kin: what a context may be, and what is in the store. */
describeReal('a hostile context of a build', () => {
  const bench = BuildBench.use();
  const outside = OutsideFolder.use();

  it(
    'has links in its context that lead out, and gets links',
    async () => {
      await symlink(join(outside.path, 'secret'), join(bench.context.path, 'file'));
      await symlink(outside.path, join(bench.context.path, 'folder'));
      await symlink(`../../../../../..${outside.path}`, join(bench.context.path, 'up'));
      for (const source of [
        'file',
        'folder/secret',
        'folder/',
        'up/secret',
        '.',
        'f*',
        '../../..' + outside.path,
      ]) {
        const { log } = await bench.build(
          `FROM busybox\nCOPY ${source} /x/\nRUN find /x -type f | xargs cat; cat /x/*/* || true\n`,
        );
        expect(log, source).not.toContain(outside.marker);
        const mounted = await bench.build(
          `FROM busybox\nRUN --mount=source=${source.replace('*', '')},target=/m cat /m /m/* /m/*/* || true\n`,
        );
        expect(mounted.log, source).not.toContain(outside.marker);
      }
    },
    BUILD_PATIENCE,
  );

  it(
    'swaps a file of its context for a link while it is read',
    async () => {
      const file = join(bench.context.path, 'file');
      const mine = join(bench.context.path, '.mine');
      const link = join(bench.context.path, '.link');
      const stop = new AbortController();
      const swapping = (async () => {
        while (!stop.signal.aborted) {
          await writeFile(mine, randomBytes(8).toString('hex'));
          await rename(mine, file);
          await unlink(link).catch(() => undefined);
          await symlink(join(outside.path, 'secret'), link);
          await rename(link, file);
        }
      })();
      for (let round = 0; round < 8; round++) {
        const { log } = await bench.build('FROM busybox\nCOPY file /x\nRUN test -L /x || cat /x\n', {
          noCache: true,
        });
        expect(log).not.toContain(outside.marker);
      }
      stop.abort();
      await swapping;
    },
    BUILD_PATIENCE,
  );

  it.each(['Dockerfile', '.dockerignore'])('has a %s that is a link out of its context', async (name) => {
    await bench.context.write('Dockerfile', 'FROM busybox\n');
    await rm(join(bench.context.path, name), { force: true });
    for (const target of [
      join(outside.path, 'secret'),
      `../../../..${outside.path}/secret`,
      '/proc/self/environ',
    ]) {
      await symlink(target, join(bench.context.path, name));
      const { error } = await runBuild(bench.engine, {
        context: { kind: 'folder', path: bench.context.path },
      });
      expect(error).toMatchObject({ code: 'invalid-argument' });
      expect(JSON.stringify(error)).not.toContain(outside.marker);
      await unlink(join(bench.context.path, name));
    }
  });

  it.each(['Dockerfile', '.dockerignore'])('has a %s that never ends', async (name) => {
    await bench.context.write('Dockerfile', 'FROM busybox\n');
    await rm(join(bench.context.path, name), { force: true });
    execFileSync('mkfifo', [join(bench.context.path, name)]);
    const { error } = await runBuild(bench.engine, { context: { kind: 'folder', path: bench.context.path } });
    expect(error).toMatchObject({ code: 'invalid-argument' });
    await writeFile(join(bench.context.path, 'big'), '#'.repeat(5 * 1024 * 1024));
    await rename(join(bench.context.path, 'big'), join(bench.context.path, name));
    const { error: tooBig } = await runBuild(bench.engine, {
      context: { kind: 'folder', path: bench.context.path },
    });
    expect(tooBig).toMatchObject({ code: 'invalid-argument' });
  });

  it('is sent with links that lead out, and reads nothing through them', async () => {
    const link = { type: 'symlink', linkname: join(outside.path, 'secret') } as const;
    const sent = await tarArchive([
      { name: 'Dockerfile', ...link },
      { name: 'd', type: 'symlink', linkname: outside.path },
      { name: 'd/pwned', content: 'x' },
      { name: `../../../../../..${outside.path}/pwned`, content: 'x' },
    ]);
    const upload = Readable.from([sent]) as AsyncIterable<Uint8Array<ArrayBuffer>>;
    const { error } = await runBuild(bench.engine, { context: { kind: 'upload' } }, upload);
    expect(error).not.toBeNull();
    expect(JSON.stringify(error)).not.toContain(outside.marker);
  });

  it('has an image in the store that claims its step, and does not take it (CVE-2024-24557)', async () => {
    await bench.context.write('file', 'mine');
    const step = 'FROM scratch\nCOPY file /file\n';
    await bench.context.write('evil', 'theirs');
    await bench.log('FROM scratch\nCOPY evil /file\nLABEL by=evil\n', { tags: ['evil:1'] });
    const { result } = await bench.build(step, { tags: ['mine:1'] });
    expect(await bench.log('FROM busybox\nCOPY --from=mine:1 /file /file\nRUN cat /file\n')).toBe('mine');
    // What changes the config only changes the image as well.
    for (const more of ['HEALTHCHECK CMD a', 'ONBUILD RUN b', 'HEALTHCHECK NONE']) {
      const other = await bench.build(`${step}${more}\n`, { tags: ['mine:2'] });
      expect(other.result?.imageId).not.toBe(result?.imageId);
    }
  });
});
