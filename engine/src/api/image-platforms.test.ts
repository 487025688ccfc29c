import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiBench, DockerClient } from '../testing/api/index.ts';
import { ImagesBench } from '../testing/images/images-bench.ts';
import { testImage, testIndex, type TestImage } from '../testing/registry/test-image.ts';
import { TestRegistry } from '../testing/registry/test-registry.ts';

/** `docker push --platform` and `docker rmi --platform`, as docker 28 sends them. */

const ARM = { os: 'linux', architecture: 'arm64' };

let images: ImagesBench;
let registry: TestRegistry;
let api: ApiBench;
let docker: DockerClient;
let amd: TestImage;
let arm: TestImage;
let name: string;

beforeEach(async () => {
  [images, registry] = await Promise.all([ImagesBench.open(), TestRegistry.start()]);
  api = await ApiBench.open({ images: images.images });
  docker = new DockerClient(api.socketPath);
  amd = await testImage({ layers: [{ bin: 'amd64' }] });
  arm = await testImage({ layers: [{ bin: 'arm64' }], platform: ARM });
  for (const image of [amd, arm]) registry.push('multi', '1', image);
  registry.pushManifest('multi', '1', testIndex([arm, amd]));
  name = `${registry.host}/multi`;
  for (const { platform } of [amd, arm]) await images.pull(`${name}:1`, { platform });
});

afterEach(async () => {
  await api[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
  await images[Symbol.asyncDispose]();
  expect(api.bugs).toEqual([]);
});

/** As a parameter. */
const json = (platform: object): string => encodeURIComponent(JSON.stringify(platform));

async function push(platform: object): Promise<string> {
  const answer = await docker.open('POST', `/v1.46/images/${name}/push?tag=1&platform=${json(platform)}`);
  let text = '';
  for await (const piece of answer) text += String(piece);
  return text;
}

describe('a platform of an image', () => {
  it('is pushed alone', async () => {
    expect(await push(ARM)).toContain(`digest: ${arm.manifest.digest}`);
    expect(registry.manifestOf('multi', '1')?.digest).toBe(arm.manifest.digest);
  });

  it('that is not here is told as such', async () => {
    expect(await push({ os: 'linux', architecture: 's390x' })).toContain(
      'is here for linux/amd64, linux/arm64 only',
    );
  });

  it('is removed alone, and the image with the last of several', async () => {
    const remove = (...platforms: readonly object[]) =>
      docker.ask(
        'DELETE',
        `/v1.50/images/${name}:1?${platforms.map((p) => `platforms=${json(p)}`).join('&')}`,
      );
    expect(await remove(ARM)).toMatchObject({ status: 200, body: [{ Deleted: arm.config.digest }] });
    expect(await remove(ARM)).toMatchObject({ status: 404 });
    expect(await remove({ os: 'linux' })).toMatchObject({ status: 400 });
    expect(await remove(amd.platform)).toMatchObject({
      status: 200,
      body: expect.arrayContaining([{ Deleted: amd.config.digest }]) as unknown,
    });
    expect(await images.images.list()).toEqual([]);
  });
});
