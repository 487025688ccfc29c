import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiBench, DockerClient, frames } from '../testing/api/index.ts';

/** What is told as it happens: logs, events, statistics. */

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

async function run(command: readonly string[], settings: object = {}): Promise<string> {
  const { body } = await docker.post('/containers/create', {
    Image: 'busybox:latest',
    Cmd: command,
    ...settings,
  });
  const { Id } = body as { Id: string };
  await docker.post(`/containers/${Id}/start`);
  return Id;
}

async function bytesOf(response: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

describe('logs', () => {
  it('are in frames, of the streams that are asked for', async () => {
    const id = await run(['sh', '-c', 'echo out; echo err >&2']);
    await api.bench.sawEvent(id, 'die');
    const of = async (query: string) =>
      frames(await bytesOf(await docker.open('GET', `/containers/${id}/logs?${query}`)));
    expect(await of('stdout=1&stderr=1')).toEqual([
      [1, 'out\n'],
      [2, 'err\n'],
    ]);
    expect(await of('stderr=1')).toEqual([[2, 'err\n']]);
    expect(await of('stdout=1&tail=0')).toEqual([]);
    expect(await of('stdout=1&details=1')).toEqual([[1, ' out\n']]);
    expect((await of('stdout=1&timestamps=1'))[0]?.[1]).toMatch(/^\d{4}-\d\d-\d\dT\S+Z out\n$/);
  });

  it.each([
    ['since=1', 'said'],
    ['since=2000-01-01T00:00:00Z', 'said'],
    ['since=4102444800.5', ''],
    ['until=4102444800', 'said'],
    ['until=1.25', ''],
    ['since=1&until=4102444800', 'said'],
  ])('with %s have what was said then', async (query, said) => {
    const id = await run(['echo', 'said']);
    await api.bench.sawEvent(id, 'die');
    const answer = await bytesOf(await docker.open('GET', `/containers/${id}/logs?stdout=1&${query}`));
    expect(
      frames(answer)
        .map(([, text]) => text.trim())
        .join(),
    ).toBe(said);
  });

  it('of a moment that is none are refused', async () => {
    const id = await run(['true']);
    expect((await docker.get(`/containers/${id}/logs?stdout=1&since=soon`)).status).toBe(400);
  });

  it('of neither stream are refused', async () => {
    const id = await run(['true']);
    expect(await docker.get(`/containers/${id}/logs`)).toMatchObject({
      status: 400,
      body: { message: 'Bad parameters: you must choose at least one stream' },
    });
  });

  it('are followed to the end of the container', async () => {
    const id = await run(['cat'], { OpenStdin: true, StdinOnce: true });
    const response = await docker.open('GET', `/containers/${id}/logs?stdout=1&follow=1`);
    const followed = bytesOf(response);
    const stdin = await docker.hijack(`/containers/${id}/attach?stream=1&stdin=1`, { first: 'said\n' });
    stdin.halfClose();
    expect(frames(await followed)).toEqual([[1, 'said\n']]);
    await stdin.ended();
  });

  it('of a terminal have no frames', async () => {
    const id = await run(['echo', 'plain'], { Tty: true });
    await api.bench.sawEvent(id, 'die');
    const response = await docker.open('GET', `/containers/${id}/logs?stdout=1`);
    expect((await bytesOf(response)).toString()).toMatch(/^plain\r?\n$/);
  });
});

describe('events', () => {
  /** Those of the past. */
  async function past(filters: object): Promise<readonly Record<string, unknown>[]> {
    const query = `since=1&until=${(Date.now() / 1000).toFixed(3)}`;
    const path = `/events?${query}&filters=${encodeURIComponent(JSON.stringify(filters))}`;
    const response = await docker.open('GET', path);
    const lines = (await bytesOf(response)).toString().split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  it('are remembered, with what docker prints of them', async () => {
    const id = await run(['sh', '-c', 'exit 3'], { Labels: { deck: 'lower' } });
    await api.bench.sawEvent(id, 'die');
    const told = await past({ container: [id] });
    expect(told.map(({ Action }) => Action)).toEqual(['create', 'start', 'die']);
    expect(told.at(-1)).toMatchObject({
      Type: 'container',
      status: 'die',
      id,
      from: 'busybox:latest',
      scope: 'local',
      Actor: { ID: id, Attributes: { deck: 'lower', exitCode: '3', image: 'busybox:latest' } },
    });
  });

  it('are narrowed by each filter', async () => {
    const id = await run(['true'], { Labels: { deck: 'lower' } });
    await api.bench.sawEvent(id, 'die');
    const actions = async (filters: object) => (await past(filters)).map(({ Action }) => Action);
    expect(await actions({ container: [id.slice(0, 12)], event: ['start', 'die'] })).toEqual([
      'start',
      'die',
    ]);
    expect(await actions({ label: ['deck=upper'] })).toEqual([]);
    expect(await actions({ image: ['busybox'], event: ['die'] })).toEqual(['die']);
    expect(await actions({ type: ['plugin'] })).toEqual([]);
    // As Go's older clients write it.
    expect(await actions({ event: { die: true } })).toEqual(['die']);
  });

  it('of an unknown filter are refused', async () => {
    expect(await docker.get(`/events?filters=${encodeURIComponent('{"colour":["red"]}')}`)).toMatchObject({
      status: 400,
      body: { message: "invalid filter 'colour'" },
    });
  });

  it('come as they happen', async () => {
    const response = await docker.open('GET', '/events');
    const first = response[Symbol.asyncIterator]().next();
    const { body } = await docker.post('/containers/create', { Image: 'busybox:latest' });
    const { value } = (await first) as IteratorYieldResult<Buffer>;
    expect(JSON.parse(value.toString())).toMatchObject({ Action: 'create', id: (body as { Id: string }).Id });
    response.destroy();
  });
});

describe('stats', () => {
  it('of a container that does not run are zeros, once', async () => {
    const { body } = await docker.post('/containers/create', { Image: 'busybox:latest' });
    const { Id } = body as { Id: string };
    expect((await docker.get(`/containers/${Id}/stats?stream=0`)).body).toMatchObject({
      id: Id,
      read: '0001-01-01T00:00:00Z',
      cpu_stats: { cpu_usage: { total_usage: 0 } },
    });
  });

  it('cannot be a stream and one alone', async () => {
    const id = await run(['sleep']);
    expect((await docker.get(`/containers/${id}/stats?stream=1&one-shot=1`)).status).toBe(400);
  });
});
