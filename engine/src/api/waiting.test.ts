import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiBench, DockerClient } from '../testing/api/index.ts';

/** What `docker run` counts on: it waits first, and starts then. */

let api: ApiBench;
let docker: DockerClient;

beforeEach(async () => {
  api = await ApiBench.open();
  docker = new DockerClient(api.socketPath);
});

afterEach(async () => {
  await api[Symbol.asyncDispose]();
  expect(api.bugs).toEqual([]);
});

async function create(command: readonly string[], host: object = {}): Promise<string> {
  const { body } = await docker.post('/containers/create', {
    Image: 'busybox:latest',
    Cmd: command,
    HostConfig: host,
  });
  return (body as { Id: string }).Id;
}

describe('wait', () => {
  it.each([
    ['next-exit', {}],
    ['removed', { AutoRemove: true }],
  ])('for %s answers its head before the start, and the code after it', async (condition, host) => {
    const id = await create(['sh', '-c', 'exit 7'], host);
    const response = await docker.open('POST', `/containers/${id}/wait?condition=${condition}`);
    expect(response.statusCode).toBe(200);
    await docker.post(`/containers/${id}/start`);
    expect(JSON.parse(await text(response))).toEqual({ StatusCode: 7 });
  });

  it('for what does not run is over at once', async () => {
    const id = await create(['true']);
    expect(await docker.post(`/containers/${id}/wait`)).toMatchObject({
      status: 200,
      body: { StatusCode: 0 },
    });
  });

  it('goes on when a start fails', async () => {
    const id = await create(['nothing']);
    const response = await docker.open('POST', `/containers/${id}/wait?condition=next-exit`);
    expect((await docker.post(`/containers/${id}/start`)).status).toBe(400);
    await docker.ask('DELETE', `/containers/${id}`);
    expect(JSON.parse(await text(response))).toMatchObject({
      Error: { Message: expect.stringContaining('removed') as string },
    });
  });

  it('of a condition that is none is refused', async () => {
    const id = await create(['true']);
    expect(await docker.post(`/containers/${id}/wait?condition=tired`)).toMatchObject({
      status: 400,
      body: { message: 'invalid condition: "tired"' },
    });
  });
});

describe('a container that goes when it ends', () => {
  it('goes when it cannot be started, and whoever waits for that hears of it', async () => {
    const id = await create(['nothing'], { AutoRemove: true });
    const response = await docker.open('POST', `/containers/${id}/wait?condition=removed`);
    expect(await docker.post(`/containers/${id}/start`)).toMatchObject({
      body: { message: expect.stringContaining('executable file not found in $PATH') as string },
    });
    await text(response);
    expect((await docker.get(`/containers/${id}/json`)).status).toBe(404);
  });

  it('is stopped and removed at the same time without a failure', async () => {
    const id = await create(['sleep'], { AutoRemove: true });
    await docker.post(`/containers/${id}/start`);
    const answers = await Promise.all([
      docker.post(`/containers/${id}/stop?t=0`),
      docker.ask('DELETE', `/containers/${id}?force=1`),
    ]);
    for (const { status } of answers) expect([204, 304, 404, 409]).toContain(status);
    await expect.poll(async () => (await docker.get(`/containers/${id}/json`)).status).toBe(404);
  });
});

describe('states', () => {
  it('answers 304 for what is the case already', async () => {
    const id = await create(['sleep']);
    expect((await docker.post(`/containers/${id}/stop`)).status).toBe(304);
    await docker.post(`/containers/${id}/start`);
    expect((await docker.post(`/containers/${id}/start`)).status).toBe(304);
  });

  it.each([
    ['kill', /^cannot kill container: .* is not running$/],
    ['pause', /^Container [0-9a-f]{64} is not running$/],
    ['unpause', /^Container [0-9a-f]{64} is not paused$/],
    ['top', /^container [0-9a-f]{64} is not running$/],
  ])('refuses to %s what does not run', async (verb, message) => {
    const id = await create(['sleep']);
    const method = verb === 'top' ? 'GET' : 'POST';
    expect(await docker.ask(method, `/containers/${id}/${verb}`)).toMatchObject({
      status: 409,
      body: { message: expect.stringMatching(message) as string },
    });
  });

  it('names the container that has a name already', async () => {
    const id = await create(['sleep']);
    await docker.post(`/containers/${id}/rename?name=tide`);
    const body = { Image: 'busybox:latest' };
    expect(await docker.post('/containers/create?name=tide', body)).toMatchObject({
      status: 409,
      body: {
        message: `Conflict. The container name "/tide" is already in use by container "${id}". You have to remove (or rename) that container to be able to reuse that name.`,
      },
    });
  });
});
