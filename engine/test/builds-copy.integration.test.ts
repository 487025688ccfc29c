import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../src/content/index.ts';
import { describeReal } from './real-agent.ts';
import { BuildBench, ContextFolder } from './support/real-builds.ts';
import { tarArchive } from './support/tar-archive.ts';

const run = promisify(execFile);

describeReal('files that come into an image', files, ['gzip', 'bzip2', 'xz', 'zstd']);

function files(): void {
  const bench = BuildBench.use();

  describe('COPY', () => {
    it('leaves out what .dockerignore says, with its exceptions', async () => {
      await bench.context.write('.dockerignore', '**/*.log\nbuilt\n!built/keep\n# a comment\nDockerfile\n');
      for (const name of ['a.txt', 'a.log', 'in/b.log', 'in/b.txt', 'built/drop', 'built/keep']) {
        await bench.context.write(name, name);
      }
      const lines = await bench.printed('FROM busybox\nCOPY . /c/\nRUN cd /c && find . -type f | sort');
      expect(lines).toEqual(['./.dockerignore', './a.txt', './built/keep', './in/b.txt']);
    });

    it('keeps permissions and times, and links as links; all belongs to root', async () => {
      await bench.context.write('script', '#!');
      await chmod(join(bench.context.path, 'script'), 0o754);
      await symlink('script', join(bench.context.path, 'link'));
      const lines = await bench.printed(`
        FROM busybox
        COPY . /c
        RUN cd /c && stat -c '%n %a %u:%g' script && readlink link`);
      expect(lines).toEqual(['script 754 0:0', 'script']);
    });

    it('gives owners by name and number, and permissions', async () => {
      await bench.context.write('f', 'x');
      const lines = await bench.printed(`
        FROM busybox
        RUN echo 'ship:x:1200:1300::/:/bin/sh' >> /etc/passwd && echo 'crew:x:1400:' >> /etc/group
        COPY --chown=ship f /1
        COPY --chown=ship:crew f /2
        COPY --chown=5:6 --chmod=0600 f /3
        COPY --chmod=u=rwX,go=rX f /d/4
        RUN stat -c '%n %a %u:%g' /1 /2 /3 /d/4`);
      expect(lines).toEqual(['/1 644 1200:1300', '/2 644 1200:1400', '/3 600 5:6', '/d/4 644 0:0']);
    });

    it('takes patterns, leaves out with --exclude and makes whole paths with --parents', async () => {
      for (const name of ['x/1.c', 'x/1.h', 'x/y/2.c', 'x/y/skip.c']) await bench.context.write(name, name);
      const lines = await bench.printed(`
        FROM busybox
        COPY x/*.c /flat/
        COPY --exclude=**/skip.c --exclude=*.h x /tree/
        COPY --parents x/y/*.c /whole/
        RUN find /flat /tree /whole -type f | sort`);
      expect(lines).toEqual(['/flat/1.c', '/tree/1.c', '/tree/y/2.c', '/whole/x/y/2.c', '/whole/x/y/skip.c']);
    });

    it('writes here-documents, and follows links of the image inside of it', async () => {
      const lines = await bench.printed(
        [
          'FROM busybox',
          'ENV WHO=you',
          'RUN mkdir /real && ln -s /real /linked',
          'COPY <<one <<"two" /linked/',
          'hello $WHO',
          'one',
          'as $IS',
          'two',
          'RUN cat /real/one /real/two',
        ].join('\n'),
      );
      expect(lines).toEqual(['hello you', 'as $IS']);
    });

    it('takes from images and from named contexts', async () => {
      await using other = await ContextFolder.create();
      await other.write('named', 'from the other folder');
      const lines = await bench.printed(
        `
        FROM scratch AS empty
        FROM busybox
        COPY --from=more named /n
        COPY --from=busybox /bin/busybox /bb
        COPY --from=tools /bin/busybox /bb2
        RUN cat /n; echo; cmp /bin/busybox /bb && cmp /bb /bb2 && echo same`,
        {
          contexts: {
            more: { kind: 'folder', path: other.path },
            tools: { kind: 'image', reference: 'busybox' },
          },
        },
      );
      expect(lines).toEqual(['from the other folder', 'same']);
    });

    it('of what is not there tells the line', async () => {
      const { error, events } = await bench.build('FROM busybox\nCOPY missing /');
      expect(error).toMatchObject({
        code: 'not-found',
        message: expect.stringContaining('missing') as string,
      });
      const failed = events.find((event) => event.type === 'step-ended' && event.state === 'failed');
      expect(failed).toMatchObject({ type: 'step-ended', error: { code: 'not-found' } });
    });
  });

  describe('ADD', () => {
    it('unpacks archives of the context, and copies others', async () => {
      const file = { name: 'inside/f', mode: 0o640, uid: 3, gid: 4, content: 'packed' };
      await bench.context.write('a.tar.gz', gzipSync(await tarArchive([file])));
      await bench.context.write('plain.tar', 'no archive');
      const lines = await bench.printed(`
        FROM busybox
        ADD a.tar.gz plain.tar /to/
        ADD --unpack=false a.tar.gz /whole/
        RUN stat -c '%a %u:%g' /to/inside/f && cat /to/inside/f /to/plain.tar; ls /whole`);
      expect(lines).toEqual(['640 3:4', 'packedno archivea.tar.gz']);
    });

    it('unpacks what four programs compress, and copies what only begins as if it were', async () => {
      const programs = ['gzip', 'bzip2', 'xz', 'zstd'];
      for (const program of programs) {
        await bench.context.write(
          `${program}.tar`,
          await tarArchive([{ name: `by/${program}`, content: 'packed' }]),
        );
        await run(program, ['-q', join(bench.context.path, `${program}.tar`)]);
      }
      await rm(join(bench.context.path, 'zstd.tar'));
      await bench.context.write('notes.gz', gzipSync('no archive'));
      await bench.context.write('notes.txt', 'BZh is how this begins');
      const lines = await bench.printed(`
        FROM busybox
        ADD . /whole/
        ADD *.tar.* notes.* /to/
        RUN ls /whole | wc -l; ls /to/by; ls /to; zcat /to/notes.gz; echo; cat /to/notes.txt`);
      const unpacked = ['6', ...[...programs].sort(), 'by', 'notes.gz', 'notes.txt'];
      expect(lines).toEqual([...unpacked, 'no archive', 'BZh is how this begins']);
    });

    it.each(['gzip', 'bzip2', 'xz', 'zstd'])('refuses an archive by %s that is cut off', async (program) => {
      const random = randomBytes(3_000_000).toString('latin1');
      await bench.context.write('cut.tar', await tarArchive([{ name: 'random', content: random }]));
      const file = join(bench.context.path, 'cut.tar');
      const { stdout: whole } = await run(program, ['-q', '-c', file], {
        encoding: 'buffer',
        maxBuffer: 16_000_000,
      });
      await bench.context.write('cut.tar', whole.subarray(0, whole.byteLength / 2));
      const { error, result } = await bench.build('FROM busybox\nADD cut.tar /to/');
      expect(result).toBeNull();
      expect(error).toMatchObject({ code: 'invalid-argument' });
    });

    it('fetches a file, and refuses one that is not what --checksum says', async () => {
      const server = createServer((_, response) => response.end('fetched'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const url = `http://127.0.0.1:${port}/some/file.txt`;
      try {
        const right = digestOf(Buffer.from('fetched'));
        const wrong = digestOf(Buffer.from('other'));
        expect(
          await bench.printed(`FROM busybox\nADD ${url} /to/\nRUN cat /to/file.txt; stat -c %a /to/file.txt`),
        ).toEqual(['fetched600']);
        const checked = await bench.build(`FROM busybox\nADD --checksum=${right} ${url} /`);
        expect(checked.error).toBeNull();
        const { error } = await bench.build(`FROM busybox\nADD --checksum=${wrong} ${url} /`);
        expect(error).toMatchObject({ code: 'invalid-argument', detail: { step: 'checksum' } });
      } finally {
        server.close();
      }
    });
  });
}
