import { chmod, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import tar from 'tar-stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../src/content/index.ts';
import { describeReal, RealEngine } from './real-agent.ts';
import { type BuildOutcome, type BuildSettings, ContextFolder, runBuild } from './support/real-builds.ts';

const patience = { timeout: 120_000 };

describeReal('the language of Dockerfiles at work', language);

function language(): void {
  let engine: RealEngine;
  let context: ContextFolder;

  beforeAll(async () => {
    engine = await RealEngine.open();
    await engine.client.images.installStarter({ name: 'busybox' });
  }, patience.timeout);
  afterAll(() => engine[Symbol.asyncDispose](), patience.timeout);
  beforeEach(async () => {
    context = await ContextFolder.create();
  });
  afterEach(() => context[Symbol.asyncDispose]());

  const build = (dockerfileText: string, settings: BuildSettings = {}): Promise<BuildOutcome> =>
    runBuild(engine, { context: { kind: 'folder', path: context.path }, dockerfileText, ...settings });

  /** What the commands of a build that must not fail have printed, line by line. */
  async function printed(dockerfile: string, settings: BuildSettings = {}): Promise<readonly string[]> {
    const { error, log } = await build(dockerfile, settings);
    expect(error).toBeNull();
    return log.split('\n').filter((line) => line !== '');
  }

  async function configOf(dockerfile: string, settings: BuildSettings = {}): Promise<object> {
    const { error, result } = await build(dockerfile, settings);
    expect(error).toBeNull();
    return (await engine.client.images.inspect({ image: result?.imageId ?? '' })).config;
  }

  describe('stages', () => {
    it('hand files on, and those that nobody needs are not built', async () => {
      const lines = await printed(`
        FROM busybox AS one
        RUN echo from-one > /f
        FROM busybox AS unneeded
        RUN exit 3
        FROM busybox AS two
        COPY --from=one /f /g
        FROM two
        COPY --from=0 /f /h
        RUN cat /g /h`);
      expect(lines).toEqual(['from-one', 'from-one']);
    });

    it('end at the target', async () => {
      const dockerfile = `
        FROM busybox AS first
        LABEL is=first
        FROM busybox
        RUN exit 1`;
      expect(await configOf(dockerfile, { target: 'FIRST' })).toMatchObject({ labels: { is: 'first' } });
    });

    it('run what a base image left for them (ONBUILD)', async () => {
      await build('FROM busybox\nONBUILD RUN echo triggered > /t\nONBUILD ENV LATER=yes', {
        tags: ['base:1'],
      });
      const lines = await printed('FROM base:1\nRUN cat /t && echo $LATER');
      expect(lines).toEqual(['triggered', 'yes']);
    });
  });

  describe('variables', () => {
    it('of ARG are seen from their line on, and those before FROM only where they are declared again', async () => {
      const lines = await printed(
        `
        ARG OUTER=outer
        FROM busybox
        RUN echo "1 [$OUTER] [$LATER]"
        ARG OUTER
        ARG LATER=default
        RUN echo "2 [$OUTER] [$LATER]"
        ENV LATER=from-env
        RUN echo "3 [$LATER]"`,
        { buildArgs: { LATER: 'given' } },
      );
      expect(lines).toEqual(['1 [] []', '2 [outer] [given]', '3 [from-env]']);
    });

    it('are expanded with all operators', async () => {
      await context.write('file-2.txt', 'chosen');
      const lines = await printed(`
        FROM busybox
        ENV NAME=file-2.txt EMPTY=
        COPY \${NAME%.txt}.* /\${EMPTY:-folder}/
        WORKDIR /\${NAME:+folder}
        RUN cat *`);
      expect(lines).toEqual(['chosen']);
    });

    it('tell of platforms', async () => {
      const lines = await printed(`
        FROM --platform=$BUILDPLATFORM busybox
        ARG TARGETPLATFORM TARGETARCH TARGETOS BUILDPLATFORM
        RUN echo $TARGETPLATFORM $TARGETOS/$TARGETARCH`);
      expect(lines[0]).toMatch(/^linux\/(\w+) linux\/\1$/);
    });

    it('of proxies are seen by commands and kept nowhere', async () => {
      const { log, result } = await build('FROM busybox\nRUN echo "[$http_proxy]"', {
        buildArgs: { http_proxy: 'http://proxy.test:3128' },
      });
      expect(log).toContain('[http://proxy.test:3128]');
      const details = await engine.client.images.inspect({ image: result?.imageId ?? '' });
      expect(JSON.stringify(details)).not.toContain('proxy.test');
    });
  });

  describe('what an image says', () => {
    it('is what the instructions and the flags say', async () => {
      const dockerfile = `
        FROM busybox
        SHELL ["/bin/sh", "-ec"]
        LABEL a=1 b="two words"
        EXPOSE 80 53/udp
        VOLUME ["/data"]
        USER 7:8
        WORKDIR /w
        WORKDIR inner
        STOPSIGNAL SIGINT
        HEALTHCHECK --interval=5s --retries=2 CMD true
        ENTRYPOINT exec something
        CMD ["x"]`;
      expect(await configOf(dockerfile, { labels: { c: '3' } })).toMatchObject({
        labels: { a: '1', b: 'two words', c: '3' },
        exposedPorts: ['80/tcp', '53/udp'],
        volumes: ['/data'],
        user: '7:8',
        workingDir: '/w/inner',
        stopSignal: 'SIGINT',
        entrypoint: ['/bin/sh', '-ec', 'exec something'],
        command: ['x'],
      });
    });

    it('forgets the command of the base with a new ENTRYPOINT', async () => {
      await build('FROM busybox\nCMD ["old"]', { tags: ['with-command:1'] });
      expect(await configOf('FROM with-command:1\nENTRYPOINT ["new"]')).toMatchObject({
        entrypoint: ['new'],
        command: [],
      });
    });
  });

  describe('COPY', () => {
    it('leaves out what .dockerignore says, with its exceptions', async () => {
      await context.write('.dockerignore', '**/*.log\nbuilt\n!built/keep\n# a comment\nDockerfile\n');
      for (const name of ['a.txt', 'a.log', 'in/b.log', 'in/b.txt', 'built/drop', 'built/keep']) {
        await context.write(name, name);
      }
      const lines = await printed('FROM busybox\nCOPY . /c/\nRUN cd /c && find . -type f | sort');
      expect(lines).toEqual(['./.dockerignore', './a.txt', './built/keep', './in/b.txt']);
    });

    it('keeps permissions and times, and links as links; all belongs to root', async () => {
      await context.write('script', '#!');
      await chmod(join(context.path, 'script'), 0o754);
      await symlink('script', join(context.path, 'link'));
      const lines = await printed(`
        FROM busybox
        COPY . /c
        RUN cd /c && stat -c '%n %a %u:%g' script && readlink link`);
      expect(lines).toEqual(['script 754 0:0', 'script']);
    });

    it('gives owners by name and number, and permissions', async () => {
      await context.write('f', 'x');
      const lines = await printed(`
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
      for (const name of ['x/1.c', 'x/1.h', 'x/y/2.c', 'x/y/skip.c']) await context.write(name, name);
      const lines = await printed(`
        FROM busybox
        COPY x/*.c /flat/
        COPY --exclude=**/skip.c --exclude=*.h x /tree/
        COPY --parents x/y/*.c /whole/
        RUN find /flat /tree /whole -type f | sort`);
      expect(lines).toEqual(['/flat/1.c', '/tree/1.c', '/tree/y/2.c', '/whole/x/y/2.c', '/whole/x/y/skip.c']);
    });

    it('writes here-documents, and follows links of the image inside of it', async () => {
      const lines = await printed(
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
      const lines = await printed(
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
      const { error, events } = await build('FROM busybox\nCOPY missing /');
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
      const pack = tar.pack();
      pack.entry({ name: 'inside/f', mode: 0o640, uid: 3, gid: 4 }, 'packed');
      pack.finalize();
      const pieces: Buffer[] = [];
      for await (const piece of pack as unknown as AsyncIterable<Buffer>) pieces.push(piece);
      await writeFile(join(context.path, 'a.tar.gz'), gzipSync(Buffer.concat(pieces)));
      await context.write('plain.tar', 'no archive');
      const lines = await printed(`
        FROM busybox
        ADD a.tar.gz plain.tar /to/
        ADD --unpack=false a.tar.gz /whole/
        RUN stat -c '%a %u:%g' /to/inside/f && cat /to/inside/f /to/plain.tar; ls /whole`);
      expect(lines).toEqual(['640 3:4', 'packedno archivea.tar.gz']);
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
          await printed(`FROM busybox\nADD ${url} /to/\nRUN cat /to/file.txt; stat -c %a /to/file.txt`),
        ).toEqual(['fetched600']);
        const checked = await build(`FROM busybox\nADD --checksum=${right} ${url} /`);
        expect(checked.error).toBeNull();
        const { error } = await build(`FROM busybox\nADD --checksum=${wrong} ${url} /`);
        expect(error).toMatchObject({ code: 'invalid-argument', detail: { step: 'checksum' } });
      } finally {
        server.close();
      }
    });
  });

  describe('RUN', () => {
    it('takes vectors, here-documents and other shells', async () => {
      const lines = await printed(
        [
          'FROM busybox',
          'RUN ["/bin/echo", "vector", "$HOME"]',
          'RUN <<EOF',
          'echo one',
          'echo two',
          'EOF',
          'SHELL ["/bin/busybox", "sh", "-c"]',
          'RUN echo three \\',
          '  four',
        ].join('\n'),
      );
      expect(lines).toEqual(['vector $HOME', 'one', 'two', 'three four']);
    });

    it('tells of a command that fails', async () => {
      const { error, log } = await build('FROM busybox\nRUN echo before && exit 42');
      expect(log).toBe('before\n');
      expect(error).toMatchObject({ code: 'failed-precondition', detail: { step: 'run', exitCode: 42 } });
    });

    it('mounts files of stages and of the context, which no layer keeps', async () => {
      await context.write('dir/f', 'of the context');
      const lines = await printed(`
        FROM busybox AS made
        RUN mkdir /out && echo of a stage > /out/f
        FROM busybox
        RUN --mount=type=bind,from=made,source=/out,target=/m --mount=target=/c,rw \\
          cat /m/f /c/dir/f; echo; touch /c/written; touch /m/written 2>&1 | grep -o 'Read-only.*'
        RUN ls -d /m /c 2>&1 | grep -c 'No such'`);
      expect(lines).toEqual(['of a stage', 'of the context', 'Read-only file system', '2']);
    });

    it('has caches that come again, with an owner', async () => {
      const dockerfile = (word: string) => `
        FROM busybox
        RUN --mount=type=cache,target=/cache,id=words,uid=5,gid=6,mode=0750 \\
          stat -c '%a %u:%g' /cache; cat /cache/* 2>/dev/null; echo ${word} >> /cache/log
        RUN ls /cache 2>&1 | grep -c .`;
      expect(await printed(dockerfile('first'))).toEqual(['750 5:6', '1']);
      // Nothing of it comes into the layer: what follows is the same step as before.
      expect(await printed(dockerfile('second'))).toEqual(['750 5:6', 'first']);
      const { entries } = await engine.client.builds.cacheUsage({});
      expect(entries).toContainEqual(
        expect.objectContaining({ kind: 'mount', description: 'words at /cache', inUse: false }),
      );
      await engine.client.builds.pruneCache({ all: true });
      expect(await printed(dockerfile('third'))).toEqual(['750 5:6', '1']);
    });

    it('has memory for files, secrets and variables that go again', async () => {
      const { error, log, result } = await build(
        `
        FROM busybox
        RUN --mount=type=tmpfs,target=/t,size=1m df -k /t | tail -1 | awk '{print $2}'; touch /t/f
        RUN --mount=type=secret,id=word --mount=type=secret,id=name,env=NAME \\
          cat /run/secrets/word; echo " $NAME"; stat -c %a /run/secrets/word
        RUN ls /t /run/secrets 2>&1; echo "[$NAME]"`,
        { secrets: { word: Buffer.from('open'), name: Buffer.from('sesame') } },
      );
      expect(error).toBeNull();
      const lines = log.split('\n');
      expect(lines.slice(0, 3)).toEqual(['1024', 'open sesame', '400']);
      expect(log).toContain('[]');
      const details = await engine.client.images.inspect({ image: result?.imageId ?? '' });
      expect(JSON.stringify(details)).not.toContain('sesame');
    });

    it('needs a secret only where it says so', async () => {
      const optional = 'FROM busybox\nRUN --mount=type=secret,id=s ls /run/secrets 2>&1 | wc -l';
      expect(await printed(optional)).toEqual(['1']);
      const { error } = await build('FROM busybox\nRUN --mount=type=secret,id=s,required true');
      expect(error).toMatchObject({ code: 'invalid-argument', detail: { step: 'secret', path: 's' } });
    });

    it('is without a network where it says so, and host and privileges are asked for', async () => {
      expect(await printed('FROM busybox\nRUN --network=none ls /sys/class/net')).toEqual(['lo']);
      for (const flag of ['--network=host', '--security=insecure']) {
        const { error } = await build(`FROM busybox\nRUN ${flag} true`);
        expect(error).toMatchObject({ code: 'permission-denied' });
      }
      const allowed = await build('FROM busybox\nRUN --network=host true', { allow: ['network.host'] });
      expect(allowed.error).toBeNull();
    });

    it('runs as USER in WORKDIR, with limits and hosts of the build', async () => {
      const lines = await printed(
        `
        FROM busybox
        USER 1000:1000
        WORKDIR /tmp/here
        RUN id -u; pwd; ulimit -n; grep -c '10.1.2.3.*port' /etc/hosts`,
        { ulimits: [{ name: 'nofile', soft: 200, hard: 200 }], extraHosts: ['port:10.1.2.3'] },
      );
      expect(lines).toEqual(['1000', '/tmp/here', '200', '1']);
    });
  });

  describe('a build for another platform', () => {
    it('assembles what runs nothing', async () => {
      await context.write('f', 'x');
      const { error, result } = await build('FROM scratch\nCOPY f /\nCMD ["/f"]', {
        platform: { os: 'linux', architecture: 's390x' },
      });
      expect(error).toBeNull();
      expect(result?.platform).toEqual({ os: 'linux', architecture: 's390x' });
    });
  });
}
