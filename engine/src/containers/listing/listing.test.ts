import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ContainerFilters, type ContainerRequestInput } from '../../contract/index.ts';
import { DEFAULT_NETWORK_ID } from '../../runtime/index.ts';
import { ManualClock } from '../../testing/clock/manual-clock.ts';
import { ContainersBench, FakeRuntime, request, SAMPLE_IMAGE } from '../../testing/runtime/index.ts';
import { matchesName } from '../../name-pattern.ts';

const FOREVER = ['sleep', '1000'];
const context = { signal: new AbortController().signal };

const DB_VOLUME = { type: 'volume' as const, source: 'rows', target: '/var/lib/rows' };
const DB_PORTS = [{ containerPort: 5432, hostPorts: { first: 15_432, last: 15_432 } }];

let clock: ManualClock;
let bench: ContainersBench;
beforeEach(async () => {
  clock = new ManualClock();
  bench = await ContainersBench.open(undefined, new FakeRuntime(clock));
  await make('web', FOREVER, { role: 'front', tier: '1' }, { network: 'none' });
  await make('db', FOREVER, { role: 'back' }, { ports: DB_PORTS, mounts: [DB_VOLUME] });
  await make('job', ['sh', '-c', 'exit 3']);
  await bench.handlers.pause({ container: 'db' }, context);
});
afterEach(() => bench[Symbol.asyncDispose]());

/** Each a second later than the one before. */
async function make(
  name: string,
  command: readonly string[],
  labels: Record<string, string> = {},
  more: Partial<ContainerRequestInput> = {},
) {
  clock.advance(1000);
  const { id } = await bench.handlers.run(request(command, { name, labels, ...more }), context);
  if (command !== FOREVER) await bench.sawEvent(id, 'die');
}

const list = async (filters: Partial<ContainerFilters>, all = true, last?: number) => {
  const found = await bench.handlers.list({ all, filters, ...(last !== undefined && { last }) }, context);
  return found.map(({ name }) => name);
};

describe('the list of containers', () => {
  it('has the newest first, and stopped ones when asked for', async () => {
    expect(await list({})).toEqual(['job', 'db', 'web']);
    expect(await list({}, false)).toEqual(['db', 'web']);
    expect(await list({}, false, 1)).toEqual(['job']);
  });

  it.each<[Partial<ContainerFilters>, readonly string[]]>([
    [{ name: ['^we'] }, ['web']],
    [{ name: ['b$'] }, ['job', 'db', 'web']],
    [{ label: ['role'] }, ['db', 'web']],
    [{ label: ['role=front'] }, ['web']],
    [{ label: ['role', 'tier=1'] }, ['web']],
    [{ status: ['paused', 'exited'] }, ['job', 'db']],
    [{ exited: [3] }, ['job']],
    [{ exited: [0] }, []],
    [{ health: ['none'] }, ['job', 'db', 'web']],
    [{ health: ['healthy'] }, []],
    [{ before: 'job' }, ['db', 'web']],
    [{ since: 'web' }, ['job', 'db']],
    [{ ancestor: [SAMPLE_IMAGE.reference] }, ['job', 'db', 'web']],
    [{ ancestor: ['no-such-image'] }, []],
    [{ network: ['bridge'] }, ['job', 'db']],
    [{ network: [DEFAULT_NETWORK_ID.slice(0, 12), 'none'] }, ['job', 'db', 'web']],
    [{ volume: ['rows'] }, ['db']],
    [{ volume: ['/var/lib/rows', 'other'] }, ['db']],
    [{ volume: ['/var/lib'] }, []],
    [{ publish: ['5432'] }, ['db']],
    [{ publish: ['5400-5500/tcp'] }, ['db']],
    [{ publish: ['5432/udp'] }, []],
    [{ expose: ['5432/tcp'] }, ['db']],
    [{ name: ['web', 'db'], label: ['tier'] }, ['web']],
  ])('filtered by %j', async (filters, expected) => {
    expect(await list(filters)).toEqual(expected);
  });

  it('filtered by status has stopped ones without being asked', async () => {
    expect(await list({ status: ['exited'] }, false)).toEqual(['job']);
  });

  it('filtered by the beginning of an id', async () => {
    const { id } = await bench.handlers.inspect({ container: 'web' }, context);
    expect(await list({ id: [id.slice(0, 12)] })).toEqual(['web']);
  });

  it('is refused when it is to begin at a container that is not there', async () => {
    await expect(list({ since: 'unknown' })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('the list with all details', () => {
  const inspectAll = () => bench.handlers.inspectAll({ all: true, filters: {} }, context);

  it('says of each what inspect says of it', async () => {
    const found = await inspectAll();
    expect(found.map(({ name }) => name)).toEqual(await list({}));
    for (const details of found) {
      expect(await bench.handlers.inspect({ container: details.id }, context)).toEqual(details);
    }
  });

  it('has the same objects again, but of what has changed', async () => {
    const before = await inspectAll();
    await bench.handlers.rename({ container: 'db', name: 'rows' }, context);
    await bench.handlers.unpause({ container: 'rows' }, context);
    const after = await inspectAll();
    expect(after.map((details, index) => details === before[index])).toEqual([true, false, true]);
    expect(after[1]).toMatchObject({ name: 'rows', state: { status: 'running' } });
  });
});

describe('a filter by name', () => {
  it.each([
    ['web', 'web-1', true],
    ['^/web$', 'web', true],
    ['/web', 'web-1', true],
    ['/eb', 'web', false],
    ['web$', 'web-1', false],
    ['^web-.*$', 'web-1', true],
    ['w*1', 'web-1', true],
    ['a|b', 'cab', true],
    ['^a$|^b$', 'ab', false],
    ['', 'anything', true],
  ])('%j over %j: %s', (filter, name, expected) => {
    expect(matchesName(name, filter)).toBe(expected);
  });
});

describe('prune', () => {
  const prune = (filters: object = {}) =>
    bench.handlers.prune({ labels: [], labelsNot: [], ...filters }, context);

  it('removes what does not run, and nothing else', async () => {
    await bench.handlers.create(request(FOREVER, { name: 'never-ran' }), context);
    expect((await prune()).removed).toHaveLength(2);
    expect(await list({})).toEqual(['db', 'web']);
  });

  it('spares what the filters do not name', async () => {
    await bench.handlers.create(request(FOREVER, { name: 'keep', labels: { keep: 'yes' } }), context);
    clock.advance(1000);
    const first = clock.now().toISOString();
    clock.advance(1000);
    await bench.handlers.create(request(FOREVER, { name: 'young' }), context);
    await prune({ labelsNot: ['keep'], until: first });
    expect(await list({})).toEqual(['young', 'keep', 'db', 'web']);
    await prune({ labels: ['keep=yes'] });
    expect(await list({})).toEqual(['young', 'db', 'web']);
  });

  it('spares what waits to be restarted', async () => {
    await bench.handlers.run(
      request(['sh', '-c', 'exit 1'], { name: 'looping', restart: { name: 'always' } }),
      context,
    );
    await clock.asleepFor(100);
    await prune();
    expect(await list({})).toEqual(['looping', 'db', 'web']);
  });
});
