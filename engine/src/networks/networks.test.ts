import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type NetworkRequestInput, networkRequest } from '../contract/index.ts';
import { EngineError } from '../errors/index.ts';
import { DEFAULT_NETWORK_ID } from '../runtime/index.ts';
import { ContainersBench, request } from '../testing/runtime/index.ts';
import { create, names, on, run } from '../testing/networks/questions.ts';

const context = { signal: new AbortController().signal };

let bench: ContainersBench;
beforeEach(async () => {
  bench = await ContainersBench.open();
});
afterEach(() => bench[Symbol.asyncDispose]());

describe('a network', () => {
  it('is made with a subnet, a gateway and a link that were free, and is told as it is', async () => {
    const made = await create(bench, 'sea', { labels: { role: 'front' } });
    expect(made).toMatchObject({
      name: 'sea',
      driver: 'bridge',
      builtIn: false,
      ipv4: true,
      ipv6: false,
      internal: false,
      labels: { role: 'front' },
      subnets: [{ subnet: expect.stringMatching(/\/\d+$/) as string, gateway: expect.any(String) as string }],
      usedBy: [],
      members: [],
      link: expect.any(String) as string,
    });
    expect(await bench.networks.handlers.inspect({ network: made.id.slice(0, 8) }, context)).toEqual(made);
  });

  it('has what was asked of it, driver options and reserved addresses included', async () => {
    await create(bench, 'sea', {
      subnets: [
        {
          subnet: '10.9.0.0/24',
          gateway: '10.9.0.254',
          range: '10.9.0.128/25',
          reserved: { printer: '10.9.0.200' },
        },
        { subnet: 'fd00:9::/64' },
      ],
      internal: true,
      options: {
        'com.docker.network.bridge.enable_icc': 'false',
        'com.docker.network.bridge.enable_ip_masquerade': '0',
        'com.docker.network.bridge.name': 'sea0',
        'com.docker.network.bridge.host_binding_ipv4': '127.0.0.1',
        'com.docker.network.driver.mtu': '1400',
      },
    });
    expect(bench.runtime.networks.applied.at(-1)).toMatchObject({
      pools: [
        { subnet: '10.9.0.0/24', gateway: '10.9.0.254', range: '10.9.0.128/25', reserved: ['10.9.0.200'] },
        { subnet: 'fd00:9::/64', gateway: '' },
      ],
      ipv6: true,
      internal: true,
      isolated: true,
      masquerade: false,
      link: 'sea0',
      hostAddress: '127.0.0.1',
      mtu: 1400,
    });
  });

  it.each([
    ['macvlan', { parent: 'eth0.7', macvlan_mode: 'private' }, { parent: 'eth0.7', mode: 'private' }],
    ['ipvlan', { parent: 'eth0', ipvlan_mode: 'l3' }, { parent: 'eth0', mode: 'l3' }],
  ] as const)('of the driver %s has its parent and mode', async (driver, options, expected) => {
    await create(bench, 'lan', { driver, options });
    expect(bench.runtime.networks.applied.at(-1)).toMatchObject({ driver, ...expected });
  });

  it('that the machine refuses leaves nothing behind', async () => {
    bench.runtime.networks.beforeApply = async () => {
      throw new EngineError('conflict', 'eth0 has 10.9.0.0/16.');
    };
    await expect(create(bench, 'sea')).rejects.toMatchObject({ code: 'conflict' });
    bench.runtime.networks.beforeApply = async () => undefined;
    expect(await names(bench)).toEqual(['bridge', 'host', 'none']);
    await create(bench, 'sea');
  });
});

describe('bad input', () => {
  const options = (given: Record<string, string>, more: object = {}) => ({ options: given, ...more });
  const subnet = (more: object) => ({ subnets: [{ subnet: '10.9.0.0/24', ...more }] });

  it.each<[field: string, asked: Partial<NetworkRequestInput>]>([
    ['name', { name: 'bridge' }],
    ['name', { name: 'Host' }],
    ['name', { name: 'taken' }],
    ['name', { name: 'TAKEN' }],
    ['subnets', { subnets: [{ subnet: '10.8.128.0/17' }] }],
    ['subnets', { subnets: [{ subnet: '10.8.0.0/15' }] }],
    ['subnets', { subnets: [{ subnet: '10.9.0.1/24' }] }],
    ['subnets', { subnets: [{ subnet: '10.9.0.0/31' }] }],
    ['subnets', { subnets: [{ subnet: '10.9.0.0/24' }, { subnet: '10.10.0.0/24' }] }],
    ['subnets', { ipv4: false, ipv6: true, subnets: [{ subnet: '10.9.0.0/24' }] }],
    ['subnets', { ipv6: false, subnets: [{ subnet: 'fd00:9::/64' }] }],
    ['ipv4', { ipv4: false }],
    ['gateway', subnet({ gateway: '10.9.1.1' })],
    ['gateway', subnet({ gateway: 'fd00::1' })],
    ['range', subnet({ range: '10.9.0.0/16' })],
    ['range', subnet({ range: '10.10.0.0/25' })],
    ['reserved', subnet({ reserved: { printer: '10.10.0.5' } })],
    ['reserved', subnet({ gateway: '10.9.0.1', reserved: { printer: '10.9.0.1' } })],
    ['options.colour', options({ colour: 'red' })],
    ['options.parent', options({ parent: 'eth0' })],
    ['options.macvlan_mode', options({ macvlan_mode: 'l2' }, { driver: 'macvlan' })],
    ['options.ipvlan_mode', options({ ipvlan_mode: 'bridge' }, { driver: 'ipvlan' })],
    ['options.parent', options({ parent: 'a name too long for a link' }, { driver: 'macvlan' })],
    ['options.com.docker.network.driver.mtu', options({ 'com.docker.network.driver.mtu': '12' })],
    [
      'options.com.docker.network.bridge.enable_icc',
      options({ 'com.docker.network.bridge.enable_icc': 'no' }),
    ],
    [
      'options.com.docker.network.bridge.host_binding_ipv4',
      options({ 'com.docker.network.bridge.host_binding_ipv4': '::1' }),
    ],
  ])('is refused with the field %s named, and nothing is made: %j', async (field, asked) => {
    await create(bench, 'taken', { subnets: [{ subnet: '10.8.0.0/16' }] });
    const applied = bench.runtime.networks.applied.length;
    const making = create(bench, asked.name ?? 'sea', asked);
    await expect(making).rejects.toMatchObject({ detail: { path: field } });
    await expect(making).rejects.toThrow(field);
    expect(bench.runtime.networks.applied).toHaveLength(applied);
    expect(await names(bench)).toEqual(['bridge', 'host', 'none', 'taken']);
  });

  it.each([
    { name: '' },
    { name: '-sea' },
    { name: 'a b' },
    { name: 'sea', driver: 'overlay' },
    { name: 'sea', subnets: [{ subnet: '10.9.0.0' }] },
    { name: 'sea', subnets: [{ subnet: '10.9.0.0/33' }] },
    { name: 'sea', subnets: [{ subnet: '10.9.0.0/24', gateway: 'gate' }] },
    { name: 'sea', colour: 'red' },
  ])('does not pass the contract: %j', (asked) => {
    expect(networkRequest.safeParse(asked).success).toBe(false);
  });

  it('of two names that differ only in case is told as that', async () => {
    await create(bench, 'Sea');
    await expect(create(bench, 'sEA')).rejects.toThrow(/differ only in case/);
  });
});

describe('the built-in networks', () => {
  it('are there, with ids that stay', async () => {
    const before = await bench.networks.handlers.list({}, context);
    expect(before).toMatchObject([
      { name: 'bridge', driver: 'bridge', id: DEFAULT_NETWORK_ID },
      { name: 'host', driver: 'host' },
      { name: 'none', driver: 'null' },
    ]);
    bench = await bench.restartEngine();
    const ids = (await bench.networks.handlers.list({}, context)).map(({ id }) => id);
    expect(ids).toEqual(before.map(({ id }) => id));
  });

  it('cannot be removed', async () => {
    for (const network of ['bridge', 'host', 'none']) {
      await expect(bench.networks.handlers.remove({ network }, context)).rejects.toThrow(/pre-defined/);
    }
  });

  it('know who uses them', async () => {
    await run(bench, 'plain', {});
    await run(bench, 'shared', { network: 'host' });
    const usedBy = async (network: string) =>
      (await bench.networks.handlers.inspect({ network }, context)).usedBy;
    expect(await usedBy('bridge')).toEqual(['plain']);
    expect(await usedBy('host')).toEqual(['shared']);
    expect(await usedBy('none')).toEqual([]);
  });
});

describe('removing', () => {
  it('is refused while containers run on it, naming them; stopped ones keep nobody from it', async () => {
    const { id } = await create(bench, 'sea');
    await run(bench, 'web', on('sea'));
    await run(bench, 'db', on('sea'));
    const remove = () => bench.networks.handlers.remove({ network: 'sea' }, context);
    await expect(remove()).rejects.toMatchObject({
      code: 'failed-precondition',
      message: expect.stringContaining('db, web') as string,
    });
    await bench.handlers.kill({ container: 'web', signal: 'KILL' }, context);
    await bench.handlers.kill({ container: 'db', signal: 'KILL' }, context);
    expect(await remove()).toEqual({ id });
    expect((await bench.runtime.networks.list()).map(({ definition }) => definition.id)).not.toContain(id);
    expect(bench.networkEvents.at(-1)).toMatchObject({ action: 'destroy', id, name: 'sea' });
  });

  it('by prune spares networks that a container is on, running or not, and what the filters do not name', async () => {
    await create(bench, 'used');
    await bench.handlers.create(request(['sh'], { name: 'web', ...on('used') }), context);
    await create(bench, 'kept', { labels: { keep: '' } });
    await create(bench, 'loose');
    const prune = (filters: object) =>
      bench.networks.handlers.prune({ labels: [], labelsNot: [], ...filters }, context);
    const until = new Date(Date.now() - 86_400_000).toISOString();
    expect((await prune({ until })).removed).toEqual([]);
    expect((await prune({ labelsNot: ['keep'] })).removed).toMatchObject([{ name: 'loose' }]);
    expect((await prune({})).removed).toMatchObject([{ name: 'kept' }]);
    expect(await names(bench)).toEqual(['bridge', 'host', 'none', 'used']);
  });
});

describe('the list', () => {
  it.each([
    [{ name: ['se'] }, ['deep-sea', 'sea']],
    [{ name: ['^sea$'] }, ['sea']],
    [{ driver: ['macvlan'] }, ['lan']],
    [{ driver: ['null', 'host'] }, ['host', 'none']],
    [{ label: ['role=front'] }, ['sea']],
    [{ type: ['builtin' as const] }, ['bridge', 'host', 'none']],
    [{ type: ['custom' as const], driver: ['bridge'] }, ['deep-sea', 'sea']],
    [{ scope: ['swarm'] }, []],
    [{ dangling: true }, ['deep-sea', 'lan']],
    [{ id: [DEFAULT_NETWORK_ID.slice(0, 6)] }, ['bridge']],
  ])('filtered by %j', async (filters, expected) => {
    await create(bench, 'sea', { labels: { role: 'front' } });
    await create(bench, 'deep-sea');
    await create(bench, 'lan', { driver: 'macvlan' });
    await run(bench, 'web', on('sea'));
    expect(await names(bench, filters)).toEqual(expected);
  });
});

describe('an engine that starts again', () => {
  it('has its networks as they were, and the machine too, after both went down', async () => {
    const before = await create(bench, 'sea', { ipv6: true });
    bench.runtime.forgetAll();
    bench = await bench.restartEngine();
    await run(bench, 'web', on('sea'));
    const {
      members: _,
      usedBy: __,
      ...after
    } = await bench.networks.handlers.inspect({ network: 'sea' }, context);
    expect(before).toMatchObject(after);
    expect(bench.runtime.networks.applied.at(-1)?.pools).toMatchObject(
      before.subnets.map(({ subnet }) => ({ subnet })),
    );
  });

  it('takes away what no record knows', async () => {
    const { id } = await create(bench, 'sea');
    const { definition } = (await bench.runtime.networks.list()).find((one) => one.definition.id === id) ?? {
      definition: null,
    };
    if (definition === null) throw new Error('The network was not made.');
    const stranger = 'e'.repeat(64);
    await bench.runtime.networks.apply({ ...definition, id: stranger, name: 'x', pools: [], link: '' });
    bench = await bench.restartEngine();
    await bench.networks.settled();
    const ids = (await bench.runtime.networks.list()).map((one) => one.definition.id);
    expect(ids).toContain(id);
    expect(ids).not.toContain(stranger);
  });

  it('tells of a network that cannot be made, and makes it once it can', async () => {
    await create(bench, 'sea');
    bench.runtime.forgetAll();
    bench.runtime.networks.beforeApply = async () => {
      throw new EngineError('conflict', 'The subnet is in use by tun0.');
    };
    bench = await bench.restartEngine();
    await bench.networks.settled();
    expect(bench.reports).toContain('The network sea could not be made on this machine.');
    await expect(run(bench, 'web', on('sea'))).rejects.toThrow(/tun0/);
    bench.runtime.networks.beforeApply = async () => undefined;
    await bench.handlers.start({ container: 'web' }, context);
  });
});

describe('an agent that comes back', () => {
  it('is told of all networks again', async () => {
    await create(bench, 'sea');
    await bench.networks.settled();
    bench.runtime.networks.applied.length = 0;
    bench.agent.setState({ status: 'starting', step: 'reconnect' });
    bench.agent.setState({ status: 'running', pid: 43, version: '0.0.0' });
    await bench.networks.settled();
    expect(bench.runtime.networks.applied.map(({ name }) => name)).toEqual(['sea']);
  });
});

describe('a probe', () => {
  const probe = (input: object) =>
    bench.networks.handlers.probe({ port: 80, timeoutMs: 100, to: { host: 'web' }, ...input }, context);

  it('tells whether one container reaches another, by name or as itself', async () => {
    await create(bench, 'sea');
    await create(bench, 'lake');
    const web = await run(bench, 'web', on('sea'));
    await run(bench, 'near', on('sea'));
    await run(bench, 'far', on('lake'));
    bench.runtime.networks.listening.add(`${web.id}:80`);
    expect(await probe({ from: 'near' })).toMatchObject({ outcome: 'connected' });
    expect(await probe({ from: 'near', to: { container: 'web' } })).toMatchObject({
      outcome: 'connected',
      addresses: [web.networks[0]?.ipv4?.address],
    });
    expect(await probe({ from: 'near', port: 81 })).toMatchObject({ outcome: 'refused' });
    expect(await probe({ from: 'far' })).toMatchObject({ outcome: 'unknown-name' });
    expect(await probe({ from: 'far', to: { container: 'web' } })).toMatchObject({ outcome: 'timed-out' });
    expect(await probe({ to: { container: 'web' } })).toMatchObject({ outcome: 'connected' });
  });

  it('needs containers that run', async () => {
    await bench.handlers.create(request(['sh'], { name: 'web' }), context);
    await expect(probe({ to: { container: 'web' } })).rejects.toMatchObject({ code: 'conflict' });
    await expect(probe({ from: 'web' })).rejects.toMatchObject({ code: 'conflict' });
  });
});
