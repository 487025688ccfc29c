import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiBench, DockerClient } from '../testing/api/index.ts';

/** Docker gave fields to its answers and took them away: each version has its own. */

let api: ApiBench;
let docker: DockerClient;

beforeAll(async () => {
  api = await ApiBench.open();
  docker = new DockerClient(api.socketPath);
  await docker.post('/networks/create', { Name: 'sea' });
  const body = { Image: 'busybox:latest', Cmd: ['sleep'], HostConfig: { NetworkMode: 'sea' } };
  const made = await docker.post('/containers/create?name=tide', body);
  expect(made.status).toBe(201);
});

afterAll(() => api[Symbol.asyncDispose]());

/** What is at a path of names in an answer; undefined where it has none. */
async function fieldAt(version: number, path: string, names: readonly string[]): Promise<unknown> {
  const { status, body } = await docker.get(`/v1.${version}${path}`);
  expect(status).toBe(200);
  return names.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], body);
}

const CONTAINER = '/containers/tide/json';
const ENDPOINT = ['NetworkSettings', 'Networks', 'sea'];

const ADDED: readonly (readonly [name: string, since: number, path: string, names: readonly string[]])[] = [
  ['DNSNames', 44, CONTAINER, [...ENDPOINT, 'DNSNames']],
  ['GwPriority', 48, CONTAINER, [...ENDPOINT, 'GwPriority']],
  ['GwPriority in lists', 48, '/containers/json?all=1', ['0', ...ENDPOINT, 'GwPriority']],
  ['EnableIPv4', 48, '/networks/sea', ['EnableIPv4']],
];

const REMOVED: readonly (readonly [name: string, until: number, path: string, names: readonly string[]])[] = [
  ['KernelMemory', 42, CONTAINER, ['HostConfig', 'KernelMemory']],
];

describe('fields', () => {
  it.each(ADDED)('%s is there since 1.%i', async (_, since, path, names) => {
    expect(await fieldAt(since, path, names)).toBeDefined();
    expect(await fieldAt(since - 1, path, names)).toBeUndefined();
  });

  it.each(REMOVED)('%s is there until 1.%i', async (_, until, path, names) => {
    expect(await fieldAt(until - 1, path, names)).toBeDefined();
    expect(await fieldAt(until, path, names)).toBeUndefined();
  });

  it('of addresses at the top are there for all who can ask', async () => {
    for (const version of [24, 41, 51]) {
      expect(await fieldAt(version, CONTAINER, ['NetworkSettings', 'IPAddress'])).toBe('');
    }
  });
});

describe('versions', () => {
  it.each([
    ['/v1.23/_ping', 'client version 1.23 is too old. Minimum supported API version is 1.24'],
    ['/v1.99/_ping', 'client version 1.99 is too new. Maximum supported API version is 1.'],
    ['/v2.0/_ping', 'client version 2.0 is too new.'],
  ])('%s is refused', async (path, message) => {
    const answer = await docker.get(path);
    expect(answer).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(message) as string },
    });
  });

  it('left out are the newest', async () => {
    const newest = (await docker.get('/containers/tide/json')).headers['api-version'];
    expect(await fieldAt(Number(String(newest).split('.')[1]), CONTAINER, ['Id'])).toMatch(/^[0-9a-f]{64}$/);
  });
});
