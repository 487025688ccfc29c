import { describe, expect, it } from 'vitest';
import { describeReal } from './real-agent.ts';
import { BuildBench, type BuildSettings } from './support/real-builds.ts';

describeReal('the language of Dockerfiles at work', language);

function language(): void {
  const bench = BuildBench.use();

  async function configOf(dockerfile: string, settings: BuildSettings = {}): Promise<object> {
    const { result } = await bench.built(dockerfile, settings);
    return (await bench.engine.client.images.inspect({ image: result?.imageId ?? '' })).config;
  }

  describe('stages', () => {
    it('hand files on, and those that nobody needs are not built', async () => {
      const lines = await bench.printed(`
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
      await bench.build('FROM busybox\nONBUILD RUN echo triggered > /t\nONBUILD ENV LATER=yes', {
        tags: ['base:1'],
      });
      const lines = await bench.printed('FROM base:1\nRUN cat /t && echo $LATER');
      expect(lines).toEqual(['triggered', 'yes']);
    });
  });

  describe('variables', () => {
    it('of ARG are seen from their line on, and those before FROM only where they are declared again', async () => {
      const lines = await bench.printed(
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
      await bench.context.write('file-2.txt', 'chosen');
      const lines = await bench.printed(`
        FROM busybox
        ENV NAME=file-2.txt EMPTY=
        COPY \${NAME%.txt}.* /\${EMPTY:-folder}/
        WORKDIR /\${NAME:+folder}
        RUN cat *`);
      expect(lines).toEqual(['chosen']);
    });

    it('tell of platforms', async () => {
      const lines = await bench.printed(`
        FROM --platform=$BUILDPLATFORM busybox
        ARG TARGETPLATFORM TARGETARCH TARGETOS BUILDPLATFORM
        RUN echo $TARGETPLATFORM $TARGETOS/$TARGETARCH`);
      expect(lines[0]).toMatch(/^linux\/(\w+) linux\/\1$/);
    });

    it('of proxies are seen by commands and kept nowhere', async () => {
      const { log, result } = await bench.build('FROM busybox\nRUN echo "[$http_proxy]"', {
        buildArgs: { http_proxy: 'http://proxy.test:3128' },
      });
      expect(log).toContain('[http://proxy.test:3128]');
      const details = await bench.engine.client.images.inspect({ image: result?.imageId ?? '' });
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
      await bench.build('FROM busybox\nCMD ["old"]', { tags: ['with-command:1'] });
      expect(await configOf('FROM with-command:1\nENTRYPOINT ["new"]')).toMatchObject({
        entrypoint: ['new'],
        command: [],
      });
    });
  });

  describe('a build for another platform', () => {
    it('assembles what runs nothing', async () => {
      await bench.context.write('f', 'x');
      const { error, result } = await bench.build('FROM scratch\nCOPY f /\nCMD ["/f"]', {
        platform: { os: 'linux', architecture: 's390x' },
      });
      expect(error).toBeNull();
      expect(result?.platform).toEqual({ os: 'linux', architecture: 's390x' });
    });
  });
}
