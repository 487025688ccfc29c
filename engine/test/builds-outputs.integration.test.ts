import { execFile } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeReal, RealEngine } from './real-agent.ts';
import { DockerRegistry } from './support/docker-registry.ts';
import { type BuildOutcome, type BuildSettings, runBuild } from './support/real-builds.ts';

const run = promisify(execFile);
const patience = { timeout: 120_000 };
const DOCKERFILE = `
  FROM busybox AS made
  RUN mkdir /out && echo built > /out/file && chmod 0640 /out/file && ln -s file /out/link && ln /out/file /out/second
  FROM scratch
  COPY --from=made /out /
  CMD ["/file"]`;

describeReal('what a build can make', outputs, ['skopeo', 'tar', 'docker-registry']);

function outputs(): void {
  let engine: RealEngine;
  let folder: string;

  beforeAll(async () => {
    engine = await RealEngine.open();
    await engine.client.images.installStarter({ name: 'busybox' });
  }, patience.timeout);
  afterAll(() => engine[Symbol.asyncDispose](), patience.timeout);
  beforeEach(async () => {
    folder = await mkdtemp('/var/tmp/longshore-outputs-');
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function built(settings: BuildSettings): Promise<BuildOutcome> {
    const outcome = await runBuild(engine, {
      context: { kind: 'empty' },
      dockerfileText: DOCKERFILE,
      ...settings,
    });
    expect(outcome.error).toBeNull();
    return outcome;
  }

  it('is an image under all its names, which runs', async () => {
    const dockerfileText = 'FROM busybox\nRUN echo "echo ahoy" > /start\nCMD ["sh", "/start"]';
    const { result } = await built({ dockerfileText, tags: ['one:1', 'registry.test/two'] });
    expect(result?.references).toEqual(['one:1', 'registry.test/two:latest']);
    const { id } = await engine.client.containers.run({ image: 'one:1' });
    expect(await engine.client.containers.wait({ container: id })).toMatchObject({ code: 0 });
    const { history, layers } = await engine.client.images.inspect({ image: 'registry.test/two' });
    expect(history.filter(({ emptyLayer }) => !emptyLayer)).toHaveLength(layers.length);
    await engine.client.containers.remove({ container: id });
  });

  it('is a folder, in which what was there before leads nowhere else', async () => {
    await writeFile(join(folder, 'victim'), 'untouched');
    const to = join(folder, 'to');
    await mkdir(to);
    await symlink('../victim', join(to, 'file'));
    const { result } = await built({ outputs: [{ type: 'local', path: to }] });
    expect(result?.imageId).toBeNull();
    expect((await readdir(to)).sort()).toEqual(['file', 'link', 'second']);
    expect(await readFile(join(to, 'file'), 'utf8')).toBe('built\n');
    expect((await lstat(join(to, 'file'))).mode & 0o7777).toBe(0o640);
    expect(await readlink(join(to, 'link'))).toBe('file');
    expect(await readFile(join(folder, 'victim'), 'utf8')).toBe('untouched');
  });

  it('is an archive of its files, in a file and to the caller', async () => {
    const path = join(folder, 'files.tar');
    const { events } = await built({ outputs: [{ type: 'tar', path }, { type: 'tar' }] });
    const { stdout } = await run('tar', ['-tf', path]);
    expect(stdout.trim().split('\n').sort()).toEqual(['file', 'link', 'second']);
    const sent = Buffer.concat(events.flatMap((event) => (event.type === 'output-data' ? [event.data] : [])));
    expect(sent.equals(await readFile(path))).toBe(true);
  });

  it('is an OCI layout, and an archive as docker has it', async () => {
    const [oci, docker] = [join(folder, 'oci.tar'), join(folder, 'docker.tar')];
    const { result } = await built({
      tags: ['laid-out:1'],
      outputs: [
        { type: 'oci', path: oci },
        { type: 'docker', path: docker },
      ],
    });
    for (const source of [`oci-archive:${oci}`, `docker-archive:${docker}`]) {
      const { stdout } = await run('skopeo', ['--insecure-policy', 'inspect', '--config', source]);
      expect(JSON.parse(stdout), source).toMatchObject({ config: { Cmd: ['/file'] } });
    }
    const { stdout } = await run('skopeo', ['--insecure-policy', 'inspect', `oci-archive:${oci}`]);
    expect(JSON.parse(stdout)).toMatchObject({ Digest: result?.manifestDigest });
  });

  it('is pushed under its names', async () => {
    await using registry = await DockerRegistry.start();
    const name = `${registry.host}/pushed/built`;
    const { result } = await built({ tags: [`${name}:1`], push: true });
    const words = ['--insecure-policy', 'inspect', '--tls-verify=false', `docker://${name}:1`];
    const { stdout } = await run('skopeo', words);
    expect(JSON.parse(stdout)).toMatchObject({ Digest: result?.manifestDigest });
    await expect(built({ tags: [`${registry.host}/UPPER`] })).rejects.toThrow();
  });
}
