import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiBench, DockerClient, frames } from '../testing/api/index.ts';

/** Connections that become the streams of a process, as docker's clients open them. */

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

async function create(settings: object): Promise<string> {
  const { status, body } = await docker.post('/containers/create', { Image: 'busybox:latest', ...settings });
  expect(status).toBe(201);
  return (body as { Id: string }).Id;
}

async function started(settings: object): Promise<string> {
  const id = await create(settings);
  expect((await docker.post(`/containers/${id}/start`)).status).toBe(204);
  return id;
}

async function createExec(container: string, settings: object): Promise<string> {
  const { body } = await docker.post(`/containers/${container}/exec`, {
    AttachStdout: true,
    AttachStderr: true,
    ...settings,
  });
  return (body as { Id: string }).Id;
}

const ATTACH = 'stream=1&stdin=1&stdout=1&stderr=1';

describe('the terminal of a container', () => {
  it('has its size while the container runs, and not before', async () => {
    const id = await create({ Cmd: ['cat'], Tty: true, OpenStdin: true });
    const resize = (size: string) => docker.post(`/containers/${id}/resize?${size}`);
    expect(await resize('h=10&w=20')).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('is not running') as string },
    });
    await docker.post(`/containers/${id}/start`);
    expect((await resize('h=10&w=20')).status).toBe(200);
    expect((await resize('h=ten&w=20')).status).toBe(400);
  });
});

describe('attach', () => {
  it('before the start has all that is written, in frames', async () => {
    const id = await create({ Cmd: ['sh', '-c', 'echo out; echo err >&2'] });
    const stream = await docker.hijack(`/containers/${id}/attach?stream=1&stdout=1&stderr=1`);
    expect(stream.head).toContain('101 UPGRADED');
    expect(stream.head).toContain('application/vnd.docker.multiplexed-stream');
    await docker.post(`/containers/${id}/start`);
    expect(frames(await stream.ended())).toEqual([
      [1, 'out\n'],
      [2, 'err\n'],
    ]);
  });

  it('says raw stream to clients of before 1.42, and has the same frames', async () => {
    const id = await create({ Cmd: ['echo', 'old'] });
    const stream = await docker.hijack(`/v1.41/containers/${id}/attach?stream=1&stdout=1`);
    expect(stream.head).toContain('application/vnd.docker.raw-stream');
    await docker.post(`/containers/${id}/start`);
    expect(frames(await stream.ended())).toEqual([[1, 'old\n']]);
  });

  it('without Upgrade is answered with 200, as the oldest clients want it', async () => {
    const id = await create({ Cmd: ['echo', 'oldest'] });
    const stream = await docker.hijack(`/containers/${id}/attach?stream=1&stdout=1`, { upgrade: false });
    expect(stream.head).toContain('HTTP/1.1 200 OK');
    await docker.post(`/containers/${id}/start`);
    expect(frames(await stream.ended())).toEqual([[1, 'oldest\n']]);
  });

  it('takes the half-close for the end of stdin, while stdout goes on', async () => {
    const id = await create({ Cmd: ['cat'], OpenStdin: true, StdinOnce: true });
    const stream = await docker.hijack(`/containers/${id}/attach?${ATTACH}`);
    await docker.post(`/containers/${id}/start`);
    stream.write('through');
    stream.halfClose();
    const said = frames(await stream.ended());
    expect(said.map(([, text]) => text).join('')).toBe('through');
  });

  it('does not lose what is sent right behind the head', async () => {
    const id = await started({ Cmd: ['cat'], OpenStdin: true });
    const stream = await docker.hijack(`/containers/${id}/attach?${ATTACH}`, { first: 'early' });
    await stream.until((text) => text.includes('early'));
    stream.leave();
  });

  it('of a terminal is one stream without frames', async () => {
    const id = await create({ Cmd: ['echo', 'plain'], Tty: true });
    const stream = await docker.hijack(`/containers/${id}/attach?stream=1&stdout=1`);
    expect(stream.head).toContain('application/vnd.docker.raw-stream');
    await docker.post(`/containers/${id}/start`);
    expect((await stream.ended()).toString()).toContain('plain');
  });

  it('ends at the detach keys, and the container runs on', async () => {
    const id = await started({ Cmd: ['cat'], OpenStdin: true, Tty: true });
    const stream = await docker.hijack(`/containers/${id}/attach?${ATTACH}&detachKeys=ctrl-x,x`);
    stream.write('kept\u0018x');
    expect((await stream.ended()).toString()).toContain('kept');
    const { body } = await docker.get(`/containers/${id}/json`);
    expect(body).toMatchObject({ State: { Running: true } });
  });

  it('of detach keys that are none is refused before it becomes a stream', async () => {
    const id = await started({ Cmd: ['cat'], OpenStdin: true });
    const stream = await docker.hijack(`/containers/${id}/attach?${ATTACH}&detachKeys=nonsense`);
    expect(stream.head).toContain('400 Bad Request');
    stream.leave();
  });

  it.each([
    ['whose stdin outlives its clients', { OpenStdin: true }],
    ['with a terminal', { OpenStdin: true, StdinOnce: true, Tty: true }],
  ])('of a container %s leaves it alone when the client breaks off', async (_, settings) => {
    const id = await started({ Cmd: ['cat'], ...settings });
    (await docker.hijack(`/containers/${id}/attach?${ATTACH}`)).leave();
    const again = await docker.hijack(`/containers/${id}/attach?${ATTACH}`, { first: 'again' });
    await again.until((text) => text.includes('again'));
    again.leave();
    expect((await docker.get(`/containers/${id}/json`)).body).toMatchObject({ State: { Running: true } });
  });
});

describe('exec', () => {
  it('has its output in frames, and its exit code in inspect', async () => {
    const id = await started({ Cmd: ['sleep'] });
    const exec = await createExec(id, { Cmd: ['sh', '-c', 'echo out; echo err >&2; exit 7'] });
    expect((await docker.get(`/exec/${exec}/json`)).body).toMatchObject({ Running: false, ExitCode: null });
    const stream = await docker.hijack(`/exec/${exec}/start`, { body: {} });
    expect(frames(await stream.ended())).toEqual([
      [1, 'out\n'],
      [2, 'err\n'],
    ]);
    expect((await docker.get(`/exec/${exec}/json`)).body).toMatchObject({ Running: false, ExitCode: 7 });
  });

  it('gets its stdin, and its end', async () => {
    const id = await started({ Cmd: ['sleep'] });
    const exec = await createExec(id, { Cmd: ['cat'], AttachStdin: true });
    const stream = await docker.hijack(`/exec/${exec}/start`, { body: {}, first: 'in' });
    stream.halfClose();
    expect(frames(await stream.ended())).toEqual([[1, 'in']]);
  });

  it('tells in the stream that there is no such program, and has the code of a shell', async () => {
    const id = await started({ Cmd: ['sleep'] });
    const exec = await createExec(id, { Cmd: ['nothing'] });
    const stream = await docker.hijack(`/exec/${exec}/start`, { body: {} });
    expect((await stream.ended()).toString()).toContain(
      'exec: "nothing": executable file not found in $PATH',
    );
    expect((await docker.get(`/exec/${exec}/json`)).body).toMatchObject({ ExitCode: 127 });
  });

  it('runs once', async () => {
    const id = await started({ Cmd: ['sleep'] });
    const exec = await createExec(id, { Cmd: ['true'] });
    await (await docker.hijack(`/exec/${exec}/start`, { body: {} })).ended();
    expect(await docker.post(`/exec/${exec}/start`, {})).toMatchObject({
      status: 409,
      body: { message: `exec ${exec} has already run` },
    });
  });

  it('is not resized before it runs, nor in a container that does not', async () => {
    const id = await started({ Cmd: ['sleep'] });
    const exec = await createExec(id, { Cmd: ['cat'], Tty: true });
    expect((await docker.post(`/exec/${exec}/resize?h=10&w=20`)).status).toBe(409);
    await docker.post(`/containers/${id}/stop?t=0`);
    expect((await docker.post(`/containers/${id}/exec`, { Cmd: ['true'] })).status).toBe(409);
  });

  it('is not known after its container has ended without it', async () => {
    const id = await started({ Cmd: ['sleep'] });
    const exec = await createExec(id, { Cmd: ['true'] });
    await docker.post(`/containers/${id}/kill`);
    await api.bench.sawEvent(id, 'die');
    await expect
      .poll(async () => (await docker.get(`/exec/${exec}/json`)).body)
      .toEqual({ message: `No such exec instance: ${exec}` });
  });
});
