import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { describeReal } from './real-agent.ts';
import { DockerRegistry } from './support/docker-registry.ts';
import { BuildBench } from './support/real-builds.ts';

const run = promisify(execFile);

const ARCHITECTURES = ['amd64', 'arm64'];
const platforms = ARCHITECTURES.map((architecture) => ({ os: 'linux', architecture }));

const DOCKERFILE = `
  FROM --platform=$BUILDPLATFORM busybox AS made
  ARG TARGETARCH
  RUN echo for-$TARGETARCH > /for
  FROM scratch
  COPY --from=made /for /for`;

describeReal(
  'a build for several platforms',
  () => {
    const bench = BuildBench.use();

    it('is one image, which is pushed with its index', async () => {
      await using registry = await DockerRegistry.start();
      const name = `${registry.host}/team/several:1`;
      const { result } = await bench.built(DOCKERFILE, { platforms, tags: [name], push: true });
      expect(result?.references).toEqual([name]);
      const here = await bench.engine.client.images.list({});
      expect(here.filter(({ references }) => references.includes(name))).toHaveLength(1);

      const remote = `docker://${name}`;
      const skopeo = async (...words: readonly string[]) =>
        (await run('skopeo', ['--insecure-policy', ...words, '--tls-verify=false', remote])).stdout;
      expect(JSON.parse(await skopeo('inspect', '--raw'))).toMatchObject({
        mediaType: 'application/vnd.oci.image.index.v1+json',
        manifests: platforms.map((platform) => ({ platform })),
      });
      for (const architecture of ARCHITECTURES) {
        const config = await skopeo(`--override-arch=${architecture}`, 'inspect', '--config');
        expect(JSON.parse(config)).toMatchObject({ architecture });
        const { stdout } = await run('skopeo', [
          ...['--insecure-policy', `--override-arch=${architecture}`, 'inspect', '--tls-verify=false'],
          ...['--format={{.Digest}}', remote],
        ]);
        expect(stdout.trim()).toBe(result?.manifestDigest);
      }
    });

    it('is the very same image again, and stands on an image for several platforms', async () => {
      const first = await bench.built(DOCKERFILE, { platforms, tags: ['several:1'] });
      const again = await bench.built(DOCKERFILE, { platforms, tags: ['several:1'] });
      expect(again.result).toEqual(first.result);
      await bench.built('FROM several:1\nLABEL stands=on', { platforms, tags: ['standing:1'] });
      for (const platform of platforms) {
        const { platform: found } = await bench.engine.client.images.inspect({
          image: 'standing:1',
          platform,
        });
        expect(found).toEqual(platform);
        const { architecture } = platform;
        const dockerfile = `
          FROM --platform=linux/${architecture} standing:1 AS other
          FROM busybox
          COPY --from=other /for /for
          RUN cat /for`;
        expect(await bench.printed(dockerfile)).toEqual([`for-${architecture}`]);
      }
    });

    it('names the platform of each step, and tells of one that runs a foreign program', async () => {
      // An ELF file of a machine that nobody has (its e_machine).
      const program = await readFile('/bin/busybox');
      program.writeUInt16LE(0x1234, 18);
      await bench.context.write('bin/sh', program);
      const dockerfile = 'FROM scratch\nCOPY --chmod=755 . /\nRUN true';
      const { error, result, events } = await bench.build(dockerfile, { platforms });
      expect(result).toBeNull();
      expect(error).toMatchObject({
        code: 'failed-precondition',
        detail: { errno: 'ENOEXEC' },
        hint: expect.stringContaining('another architecture') as string,
      });
      const planned = events.find((event) => event.type === 'planned');
      const names = planned?.type === 'planned' ? planned.steps.map(({ name }) => name) : [];
      for (const architecture of ARCHITECTURES) {
        expect(names).toContainEqual(`[linux/${architecture} 3/3] RUN true`);
      }
    });

    it('has no place for the files of all of them', async () => {
      const outputs = [{ type: 'local', path: bench.context.path } as const];
      const { error } = await bench.build(DOCKERFILE, { platforms, outputs });
      expect(error).toMatchObject({ code: 'invalid-argument', detail: { step: 'output' } });
    });
  },
  ['skopeo', 'docker-registry'],
);
