import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ContainerRequestInput } from '../../contract/index.ts';
import { EngineError } from '../../errors/index.ts';
import { DEFAULT_NETWORK_ID } from '../../runtime/index.ts';
import { create, on, run } from '../../testing/networks/questions.ts';
import { ContainersBench, request } from '../../testing/runtime/index.ts';

const context = { signal: new AbortController().signal };
const SUBNET = { subnets: [{ subnet: '10.9.0.0/24' }] };

let bench: ContainersBench;
beforeEach(async () => {
  bench = await ContainersBench.open();
  await create(bench, 'sea', SUBNET);
});
afterEach(() => bench[Symbol.asyncDispose]());

const inspect = (container: string) => bench.handlers.inspect({ container }, context);
const connect = (container: string, network: string, more: object = {}) =>
  bench.networks.handlers.connect(
    { container, network, aliases: [], links: [], gatewayPriority: 0, ...more },
    context,
  );
const disconnect = (container: string, network: string, force = false) =>
  bench.networks.handlers.disconnect({ container, network, force }, context);
const happened = () =>
  bench.networkEvents.map(({ action, name, attributes }) => [action, name, attributes['container']]);

describe('a container on networks', () => {
  it('is on the default one unless it says more, and has no names there', async () => {
    const { networks } = await run(bench, 'web', {});
    expect(networks).toMatchObject([
      { id: DEFAULT_NETWORK_ID, name: 'bridge', interface: 'eth0', dnsNames: [] },
    ]);
    expect(bench.runtime.runs.at(-1)?.networks).toMatchObject([{ network: DEFAULT_NETWORK_ID, names: [] }]);
  });

  it('on the default one knows this machine by name', async () => {
    await run(bench, 'web', { extraHosts: ['host.docker.internal:10.1.2.3'] });
    expect(bench.runtime.runs.at(-1)?.identity.extraHosts).toEqual([
      'host.docker.internal:10.1.2.3',
      'host.longshore.internal:host-gateway',
    ]);
  });

  it('is known by name, aliases, short id and host name', async () => {
    const { id, networks } = await run(bench, 'web', {
      ...on('sea', { aliases: ['www', 'front'] }),
      hostname: 'machine-7',
    });
    const known = ['web', 'www', 'front', id.slice(0, 12), 'machine-7'];
    expect(networks).toMatchObject([{ name: 'sea', aliases: ['www', 'front'], dnsNames: known }]);
    expect(bench.runtime.runs.at(-1)?.networks).toMatchObject([{ names: known }]);
  });

  it('has its place as it asked for it, and tells where it really is', async () => {
    const place = { ipv4: '10.9.0.77', mac: '02-42-AC-11-00-AA', interface: 'sea0', gatewayPriority: 5 };
    const { networks } = await run(bench, 'web', on('sea', place));
    expect(networks).toMatchObject([
      {
        interface: 'sea0',
        ipv4: { address: '10.9.0.77', prefixLength: 24, gateway: '10.9.0.1' },
        ipv6: null,
        mac: '02:42:ac:11:00:aa',
      },
    ]);
    expect(bench.runtime.runs.at(-1)?.networks).toMatchObject([{ gatewayPriority: 5 }]);
    await bench.handlers.kill({ container: 'web', signal: 'KILL' }, context);
    expect((await inspect('web')).networks).toMatchObject([{ name: 'sea', ipv4: null, mac: null }]);
  });

  it('is refused an address that a running one has, by its name, and is not made', async () => {
    await run(bench, 'web', on('sea', { ipv4: '10.9.0.77' }));
    const other = request(['sleep', '1000'], { name: 'other', ...on('sea', { ipv4: '10.9.0.77' }) });
    await expect(bench.handlers.create(other, context)).rejects.toMatchObject({
      code: 'conflict',
      message: 'ipv4: the address 10.9.0.77 of sea is in use by web.',
      detail: { step: 'settings', path: 'ipv4' },
    });
    await expect(inspect('other')).rejects.toMatchObject({ code: 'not-found' });
    await bench.handlers.remove({ container: 'web', force: true, volumes: false }, context);
    await bench.handlers.create(other, context);
  });

  it('takes the address of the one that it replaces', async () => {
    await run(bench, 'web', on('sea', { ipv4: '10.9.0.77' }));
    const labels = { 'com.docker.compose.replace': 'web' };
    const place = on('sea', { ipv4: '10.9.0.77' });
    const successor = request(['sleep', '1000'], { name: 'successor', labels, ...place });
    await expect(bench.handlers.create(successor, context)).resolves.toBeDefined();
  });

  it('knows a linked container by the name that it chose', async () => {
    const { id: containerId } = await run(bench, 'db', on('sea'));
    await run(bench, 'web', on('sea', { links: [{ container: 'db', name: 'store' }] }));
    expect(bench.runtime.runs.at(-1)?.networks[0]?.links).toEqual([
      { name: 'store', containerId },
      { name: 'db', containerId },
    ]);
  });

  it('is told of as connected when it starts and as disconnected when it ends, before and after itself', async () => {
    const { id } = await run(bench, 'web', { networks: [{ network: 'bridge' }, { network: 'sea' }] });
    await bench.handlers.kill({ container: 'web', signal: 'KILL' }, context);
    expect(happened()).toEqual([
      ['create', 'sea', undefined],
      ['connect', 'bridge', id],
      ['connect', 'sea', id],
      ['disconnect', 'bridge', id],
      ['disconnect', 'sea', id],
    ]);
  });

  it('is found by its new name as soon as it is renamed', async () => {
    await run(bench, 'web', on('sea', { aliases: ['www'] }));
    const { id } = await bench.networks.handlers.inspect({ network: 'sea' }, context);
    await bench.handlers.rename({ container: 'web', name: 'site' }, context);
    const { networks } = bench.runtime;
    expect(networks.resolve(id, 'site')).toEqual(networks.resolve(id, 'www'));
    expect(networks.resolve(id, 'web')).toEqual([]);
  });

  it('follows a network that was removed and made anew under its name', async () => {
    await bench.handlers.create(request(['sleep', '9'], { name: 'web', ...on('sea') }), context);
    await bench.networks.handlers.remove({ network: 'sea' }, context);
    await expect(bench.handlers.start({ container: 'web' }, context)).rejects.toMatchObject({
      code: 'failed-precondition',
      message: expect.stringContaining('sea') as string,
    });
    const { id } = await create(bench, 'sea', SUBNET);
    await bench.handlers.start({ container: 'web' }, context);
    expect((await inspect('web')).networks).toMatchObject([{ id, ipv4: { prefixLength: 24 } }]);
  });

  it('is where it was after the engine has started again', async () => {
    const before = await run(bench, 'web', { ...on('sea'), ports: [{ containerPort: 80 }] });
    bench = await bench.restartEngine();
    await bench.containers.reconciled;
    const { networks, ports } = await inspect('web');
    expect({ networks, ports }).toEqual({ networks: before.networks, ports: before.ports });
  });
});

describe('connecting', () => {
  it('happens at once to a container that runs, and stays over a restart', async () => {
    const { id } = await run(bench, 'web', {});
    await connect('web', 'sea', { aliases: ['www'] });
    expect((await inspect('web')).networks).toMatchObject([
      { name: 'bridge' },
      { name: 'sea', interface: 'eth1', ipv4: { prefixLength: 24 }, aliases: ['www'] },
    ]);
    expect(happened().at(-1)).toEqual(['connect', 'sea', id]);
    await bench.handlers.restart({ container: 'web', timeoutSeconds: 0 }, context);
    expect((await inspect('web')).networks).toMatchObject([{ name: 'bridge' }, { name: 'sea' }]);
  });

  it('waits for the start of a container that does not run', async () => {
    await bench.handlers.create(request(['sleep', '9'], { name: 'web' }), context);
    await connect('web', 'sea');
    expect((await inspect('web')).networks).toMatchObject([{ name: 'bridge' }, { name: 'sea', ipv4: null }]);
    await bench.handlers.start({ container: 'web' }, context);
    expect((await inspect('web')).networks).toMatchObject([{}, { name: 'sea', ipv4: { prefixLength: 24 } }]);
  });

  it('twice, or of a container without networks of its own, is refused', async () => {
    await run(bench, 'web', on('sea'));
    await expect(connect('web', 'sea')).rejects.toMatchObject({ code: 'already-exists' });
    await run(bench, 'alone', { network: 'none' });
    await expect(connect('alone', 'sea')).rejects.toMatchObject({ code: 'failed-precondition' });
    await expect(connect('web', 'host')).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(connect('nobody', 'sea')).rejects.toMatchObject({ code: 'not-found' });
    await expect(connect('web', 'nothing')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('with an address that somebody has changes nothing', async () => {
    await run(bench, 'db', on('sea', { ipv4: '10.9.0.9' }));
    await run(bench, 'web', {});
    await expect(connect('web', 'sea', { ipv4: '10.9.0.9' })).rejects.toThrow();
    expect((await inspect('web')).networks).toMatchObject([{ name: 'bridge' }]);
    expect(bench.records.all().find(({ name }) => name === 'web')?.spec.networks).toHaveLength(1);
  });
});

describe('disconnecting', () => {
  it('happens at once, and stays over a restart', async () => {
    const { id } = await run(bench, 'web', { networks: [{ network: 'bridge' }, { network: 'sea' }] });
    expect((await disconnect('web', 'bridge')).usedBy).toEqual([]);
    expect((await inspect('web')).networks).toMatchObject([{ name: 'sea' }]);
    expect(happened().at(-1)).toEqual(['disconnect', 'bridge', id]);
    await bench.handlers.restart({ container: 'web', timeoutSeconds: 0 }, context);
    expect((await inspect('web')).networks).toMatchObject([{ name: 'sea' }]);
  });

  it('leaves a container with none when it was the last', async () => {
    await run(bench, 'web', on('sea'));
    await disconnect('web', 'sea');
    await bench.handlers.restart({ container: 'web', timeoutSeconds: 0 }, context);
    expect((await inspect('web')).networks).toEqual([]);
  });

  it('that the machine refuses changes nothing', async () => {
    await run(bench, 'web', on('sea'));
    bench.runtime.networks.disconnect = async () => {
      throw new EngineError('unavailable', 'The agent has gone.');
    };
    await expect(disconnect('web', 'sea')).rejects.toMatchObject({ code: 'unavailable' });
    expect((await inspect('web')).networks).toMatchObject([{ name: 'sea', ipv4: { prefixLength: 24 } }]);
  });

  it('of what is not there is refused; of a container that is gone not, by force', async () => {
    await run(bench, 'web', {});
    await expect(disconnect('web', 'sea')).rejects.toMatchObject({ code: 'failed-precondition' });
    await expect(disconnect('nobody', 'sea')).rejects.toMatchObject({ code: 'not-found' });
    await disconnect('nobody', 'sea', true);
  });
});

describe('bad input', () => {
  it.each<[field: string, asked: Partial<ContainerRequestInput>]>([
    ['ipv4', on('sea', { ipv4: '10.10.0.9' })],
    ['ipv4', on('sea', { ipv4: '10.9.0.1' })],
    ['ipv6', on('sea', { ipv6: 'fd00::9' })],
    ['ipv4', on('bridge', { ipv4: '172.30.0.9' })],
    ['aliases', on('bridge', { aliases: ['www'] })],
    ['mac', on('sea', { mac: '01:00:5e:00:00:01' })],
    ['network', on('host')],
    ['network', { networks: [{ network: 'sea' }, { network: 'none' }] }],
    ['networks', { networks: [{ network: 'sea' }, { network: 'sea' }] }],
    [
      'networks',
      {
        networks: [
          { network: 'bridge', interface: 'a' },
          { network: 'sea', interface: 'a' },
        ],
      },
    ],
    ['networks', { network: 'host', ...on('sea') }],
    ['networks', { network: 'none', ...on('sea') }],
    ['ports', { network: 'container:peer', ports: [{ containerPort: 80 }] }],
    ['ports', { network: 'container:peer', publishAllPorts: true }],
    ['exposedPorts', { network: 'container:peer', exposedPorts: [{ containerPort: 80 }] }],
  ])('is refused with the field %s named, and nothing is made: %j', async (field, asked) => {
    await run(bench, 'peer', {});
    await expect(run(bench, 'web', asked)).rejects.toMatchObject({
      code: 'invalid-argument',
      detail: { path: field },
    });
    expect((await bench.handlers.list({ all: true }, context)).map(({ name }) => name)).toEqual(['peer']);
  });

  it('of a network that is not there is told by its name', async () => {
    await expect(run(bench, 'web', on('nothing'))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('nothing') as string,
    });
  });
});

describe('published ports', () => {
  const published = async (asked: Partial<ContainerRequestInput>) => (await run(bench, 'web', asked)).ports;

  it('are told as they are', async () => {
    const ports = [{ containerPort: 80, hostPorts: { first: 8080, last: 8090 } }];
    expect(await published({ ports })).toEqual([
      { containerPort: 80, protocol: 'tcp', hostAddress: '0.0.0.0', hostPort: 8080 },
    ]);
  });

  it('with all of them are the exposed ones besides those that are named', async () => {
    const asked = {
      exposedPorts: [{ containerPort: 80 }, { containerPort: 53, protocol: 'udp' as const }],
      ports: [{ containerPort: 80, hostPorts: { first: 8080, last: 8080 } }],
      publishAllPorts: true,
    };
    expect(await published(asked)).toMatchObject([
      { containerPort: 80, hostPort: 8080 },
      { containerPort: 53, protocol: 'udp', hostPort: expect.any(Number) as number },
    ]);
  });

  it('that are taken refuse the start with the hint of the machine', async () => {
    const ports = [{ containerPort: 80, hostPorts: { first: 8080, last: 8080 } }];
    await run(bench, 'first', { ports });
    await expect(published({ ports })).rejects.toMatchObject({
      code: 'conflict',
      hint: expect.stringContaining('8081 is free') as string,
    });
  });

  it('have no effect with the network of the host, which is said', async () => {
    const { warnings, ports } = await run(bench, 'web', { network: 'host', ports: [{ containerPort: 80 }] });
    expect(warnings).toEqual(['Published ports are discarded when using host network mode']);
    expect(ports).toEqual([]);
  });

  it('go with the last network', async () => {
    await run(bench, 'web', { ...on('sea'), ports: [{ containerPort: 80 }] });
    await disconnect('web', 'sea');
    expect((await inspect('web')).ports).toEqual([]);
  });
});
