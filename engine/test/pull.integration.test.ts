import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { digestOf } from '../src/content/index.ts';
import { digestHex, parseDigest } from '../src/oci/index.ts';
import { ImagesBench } from '../src/testing/images/images-bench.ts';
import { testImage, testIndex } from '../src/testing/registry/test-image.ts';
import type { Snapshotter } from '../src/snapshots/index.ts';
import { describeReal, RealAgent } from './real-agent.ts';
import { DockerRegistry } from './support/docker-registry.ts';

const run = promisify(execFile);

describeReal('pulling from docker-registry', pulls, ['docker-registry', 'skopeo']);

function pulls(): void {
  let registry: DockerRegistry;
  let agent: RealAgent;
  let bench: ImagesBench<Snapshotter>;

  beforeAll(async () => {
    [registry, agent] = await Promise.all([DockerRegistry.start(), RealAgent.open()]);
  });

  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    bench = await ImagesBench.open({ snapshotter: agent.snapshotter });
  });

  afterEach(async () => {
    await bench[Symbol.asyncDispose]();
  });

  it('brings an image, which skopeo can then read from the data folder', async () => {
    const layers = [{ a: randomBytes(500_000) }, { b: 'two' }];
    const image = await testImage({ layers, config: { Labels: { harbour: 'north' } } });
    const reference = await registry.push('team/app', '1.0', image);
    const done = (await bench.pull(reference)).at(-1);
    expect(done).toMatchObject({ stage: 'done', manifestDigest: image.manifest.digest });
    const { chainIds } = await bench.images.resolve(reference);
    const unpacked = join(agent.dataDir, 'agent/layers', digestHex(parseDigest(chainIds[1] ?? '')));
    expect(await readFile(join(unpacked, 'tree/b'), 'utf8')).toBe('two');

    const layout = `oci:${bench.folder.contentDirectory}:${reference}`;
    const { stdout } = await run('skopeo', ['inspect', layout]);
    expect(JSON.parse(stdout)).toMatchObject({
      Digest: image.manifest.digest,
      Labels: { harbour: 'north' },
    });
    const copy = join(bench.directory, 'copy');
    await run('skopeo', ['--insecure-policy', 'copy', layout, `dir:${copy}`]);
  });

  it('brings an image in the format of Docker', async () => {
    const image = await testImage({ layers: [{ a: 'docker' }], format: 'docker' });
    const done = (await bench.pull(await registry.push('team/docker', '1.0', image))).at(-1);
    expect(done).toMatchObject({ stage: 'done', manifestDigest: image.manifest.digest });
  });

  it('goes on with half a layer', async () => {
    const image = await testImage({ layers: [{ a: randomBytes(2_000_000) }] });
    const [layer] = image.layers;
    const reference = await registry.push('resume', '1', image);
    const part = join(bench.folder.ingestDirectory, `${digestHex(layer!.digest)}.part`);
    await writeFile(part, layer!.bytes.subarray(0, 1_000_000));
    await bench.pull(reference);
    expect(digestOf(await bench.content.read(layer!.digest))).toBe(layer!.digest);
  });

  it('takes the right manifest out of an index, by tag and by digest', async () => {
    const mine = await testImage({ layers: [{ a: 'mine' }] });
    const other = await testImage({
      layers: [{ a: 'other' }],
      platform: { os: 'linux', architecture: 's390x' },
    });
    await registry.push('multi', 'mine', mine);
    await registry.push('multi', 'other', other);
    const index = testIndex([other, mine]);
    await registry.pushManifest('multi', 'all', index);
    for (const name of [`multi:all`, `multi@${index.digest}`]) {
      expect((await bench.pull(`${registry.host}/${name}`)).at(-1)).toMatchObject({
        stage: 'done',
        image: { id: mine.config.digest },
      });
    }
  });

  it('tells an unknown image from an unknown tag', async () => {
    await registry.push('known', '1', await testImage({ layers: [{ a: 'x' }] }));
    await expect(bench.pull(`${registry.host}/known:2`)).rejects.toMatchObject({
      code: 'not-found',
      message: `There is no image ${registry.host}/known:2.`,
    });
    await expect(bench.pull(`${registry.host}/unknown`)).rejects.toMatchObject({ code: 'not-found' });
    const nothing = parseDigest(digestOf('nothing'));
    await expect(bench.pull(`${registry.host}/known@${nothing}`)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
}
