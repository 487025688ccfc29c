import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PublishedPort } from '../src/types/index.ts';
import { describeReal, RealEngine } from './real-agent.ts';
import { ECHO, echoed, echoedUdp, Neighbours } from './support/neighbours.ts';

const run = promisify(execFile);

const SEA = { subnets: [{ subnet: '10.213.4.0/24' }] };
const LAKE = { subnets: [{ subnet: '10.213.5.0/24' }] };

describeReal('networks, with real traffic', () => {
  let engine: RealEngine;
  let near: Neighbours;

  beforeAll(async () => {
    engine = await RealEngine.open();
    near = await Neighbours.on(engine);
  });
  afterEach(async () => {
    const { containers, networks } = engine.client;
    for (const { id } of await containers.list({})) await containers.remove({ container: id, force: true });
    await networks.prune({});
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  const on = (network: string, more: object = {}) => ({ networks: [{ network, ...more }] });

  describe('names', () => {
    it('are those of the container: its own, its aliases, its short id, its host name', async () => {
      await near.network('sea');
      const { id } = await near.run('web', { ...on('sea', { aliases: ['www', 'front'] }), hostname: 'pier' });
      await near.run('client', on('sea'));
      const address = await near.addressOf('web', 'sea');
      for (const name of ['web', 'www', 'front', id.slice(0, 12), 'pier', 'web.sea']) {
        expect([name, await near.resolve('client', name)]).toEqual([name, [address]]);
      }
      expect(await near.probe('client', 'www')).toMatchObject({ outcome: 'connected', addresses: [address] });
      expect(await near.resolve('client', 'nobody')).toEqual([]);
    });

    it('lead back from the address', async () => {
      await near.network('sea');
      await near.run('web', on('sea'));
      await near.run('client', on('sea'));
      const { text } = await near.tryExec('client', `nslookup ${await near.addressOf('web', 'sea')}`);
      expect(text).toMatch(/name = web/);
    });

    it('that several share lead to each of them in turns', async () => {
      await near.network('sea');
      await near.run('one', on('sea', { aliases: ['crew'] }));
      await near.run('two', on('sea', { aliases: ['crew'] }));
      await near.run('client', on('sea'));
      const both = [await near.addressOf('one', 'sea'), await near.addressOf('two', 'sea')].sort();
      const firsts = new Set<string>();
      for (let asked = 0; asked < 20; asked += 1) {
        const answer = await near.resolve('client', 'crew');
        expect([...answer].sort()).toEqual(both);
        firsts.add(answer[0] ?? '');
      }
      expect([...firsts].sort()).toEqual(both);
      await near.containers.remove('one');
      expect(await near.resolve('client', 'crew')).toEqual([await near.addressOf('two', 'sea')]);
    });

    it('lead to whoever has them now, at its new address, while clients run', async () => {
      await near.network('sea', SEA);
      await near.run('db', on('sea'));
      await near.run('client', on('sea'));
      const before = await near.addressOf('db', 'sea');
      await near.containers.remove('db');
      expect(await near.resolve('client', 'db')).toEqual([]);
      await near.run('squatter', on('sea', { ipv4: before }));
      await near.run('db', on('sea'));
      const after = await near.addressOf('db', 'sea');
      expect(after).not.toBe(before);
      expect(await near.resolve('client', 'db')).toEqual([after]);
      await vi.waitFor(async () => {
        expect(await near.probe('client', 'db')).toMatchObject({ outcome: 'connected', addresses: [after] });
      });
    });

    it('change at once when a container is renamed', async () => {
      await near.network('sea');
      await near.run('web', on('sea'));
      await near.run('client', on('sea'));
      await engine.client.containers.rename({ container: 'web', name: 'site' });
      expect(await near.resolve('client', 'site')).toEqual([await near.addressOf('site', 'sea')]);
      expect(await near.resolve('client', 'web')).toEqual([]);
    });

    it('that one container links are known to it alone', async () => {
      await near.network('sea');
      await near.run('db', on('sea'));
      await near.run('web', on('sea', { links: [{ container: 'db', name: 'store' }] }));
      await near.run('client', on('sea'));
      expect((await near.probe('web', 'store')).outcome).toBe('connected');
      expect((await near.probe('client', 'store')).outcome).toBe('unknown-name');
    });

    it('of links on the default network are lines in /etc/hosts, which follow the other container', async () => {
      const { client } = engine;
      await near.run('db');
      await near.run('web', on('bridge', { links: [{ container: 'db', name: 'store' }] }));
      await near.run('client');
      expect((await near.probe('web', 'store')).outcome).toBe('connected');
      // Whoever has no line asks the servers of this machine, which may be unreachable.
      expect((await near.probe('client', 'store')).outcome).not.toBe('connected');
      await client.containers.stop({ container: 'db', timeoutSeconds: 0 });
      expect(await near.exec('web', 'cat /etc/hosts')).not.toContain('store');
      await near.run('in-its-place');
      await client.containers.start({ container: 'db' });
      const address = await near.addressOf('db', 'bridge');
      expect(await near.exec('web', 'cat /etc/hosts')).toContain(`${address}\tstore\n`);
    });

    it('of this machine go with the last network', async () => {
      await near.run('web', { extraHosts: ['gate:host-gateway', 'fixed:10.1.2.3'] });
      expect(await near.exec('web', 'cat /etc/hosts')).toMatch(/\tgate\n/);
      await engine.client.networks.disconnect({ network: 'bridge', container: 'web' });
      const hosts = await near.exec('web', 'cat /etc/hosts');
      expect(hosts).toMatch(/10\.1\.2\.3\tfixed\n/);
      expect(hosts).not.toMatch(/gate|internal/);
    });

    it('are none on the default network', async () => {
      await near.run('web');
      await near.run('client');
      expect((await near.probe('client', 'web')).outcome).toBe('unknown-name');
      expect((await near.probe('client', await near.addressOf('web', 'bridge'))).outcome).toBe('connected');
    });

    it('of this machine are there as well', async () => {
      await near.network('sea');
      const server = createServer((socket) => socket.end('ahoy')).listen(0, '0.0.0.0');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      try {
        await near.run('client', { ...on('sea'), extraHosts: ['gate:host-gateway'] });
        for (const name of ['host.docker.internal', 'host.longshore.internal', 'gate']) {
          expect([name, (await near.probe('client', name, port)).outcome]).toEqual([name, 'connected']);
        }
      } finally {
        server.close();
      }
    });
  });

  describe('networks', () => {
    it('keep containers apart', async () => {
      await near.network('sea');
      await near.network('lake');
      await near.run('web', on('sea'));
      await near.run('client', on('lake'));
      expect((await near.probe('client', 'web')).outcome).toBe('unknown-name');
      const { outcome } = await near.probe('client', await near.addressOf('web', 'sea'));
      expect(['timed-out', 'unreachable']).toContain(outcome);
    });

    it('take containers in and let them go while they run', async () => {
      const { networks } = engine.client;
      await near.network('sea');
      await near.network('lake');
      await near.run('web', on('sea'));
      await near.run('client', on('lake'));
      await networks.connect({ network: 'lake', container: 'web', aliases: ['late'] });
      expect(await near.resolve('client', 'late')).toEqual([await near.addressOf('web', 'lake')]);
      expect((await near.probe('client', 'late')).outcome).toBe('connected');
      expect(await near.exec('web', 'ip -o link')).toContain('eth1');
      await networks.disconnect({ network: 'lake', container: 'web' });
      expect((await near.probe('client', 'late')).outcome).toBe('unknown-name');
      expect(await near.exec('web', 'ip -o link')).not.toContain('eth1');
      const { members } = await networks.inspect({ network: 'lake' });
      expect(members.map(({ containerName }) => containerName)).toEqual(['client']);
    });

    it('give a container the place that it asks for', async () => {
      await near.network('sea', SEA);
      const place = { ipv4: '10.213.4.77', mac: '02:42:0a:d5:04:aa', interface: 'sea0' };
      await near.run('web', on('sea', place));
      const seen = await near.exec('web', 'ip addr show dev sea0');
      expect(seen).toContain('inet 10.213.4.77/24');
      expect(seen).toContain('02:42:0a:d5:04:aa');
    });

    it('have the default route by the highest priority', async () => {
      await near.network('sea', SEA);
      await near.network('lake', LAKE);
      const networks = [{ network: 'sea' }, { network: 'lake', gatewayPriority: 1 }];
      await near.run('web', { networks });
      expect(await near.exec('web', 'ip route')).toContain('default via 10.213.5.1');
    });

    it('that are internal have no way out', async () => {
      await near.network('vault', { internal: true });
      await near.run('web', on('vault'));
      await near.run('client', on('vault'));
      expect((await near.probe('client', 'web')).outcome).toBe('connected');
      expect(await near.exec('client', 'ip route')).not.toContain('default');
    });

    it('that isolate their members keep them from each other', async () => {
      await near.network('cells', { options: { 'com.docker.network.bridge.enable_icc': 'false' } });
      await near.run('web', on('cells'));
      await near.run('client', on('cells'));
      const { outcome } = await near.probe('client', await near.addressOf('web', 'cells'));
      expect(['timed-out', 'unreachable', 'refused']).toContain(outcome);
    });

    it('speak IPv6', async () => {
      await near.network('sea', { ipv6: true });
      const { networks } = await near.run('web', on('sea'));
      await near.run('client', on('sea'));
      const address = networks[0]?.ipv6?.address ?? '';
      expect(address).toMatch(/^fd/);
      expect(await near.resolve('client', 'web', 'aaaa')).toEqual([address]);
      expect((await near.probe('client', address)).outcome).toBe('connected');
    });

    it('of a link of this machine are where it leads', async () => {
      await using lan = await Cable.lay('10.213.4.200/24');
      await near.network('lan', { driver: 'macvlan', ...SEA, options: { parent: lan.near } });
      await near.run('web', on('lan'));
      await near.run('client', on('lan'));
      expect((await near.probe('client', 'web')).outcome).toBe('connected');
      expect(await echoed(await near.addressOf('web', 'lan'), ECHO)).toBe('ahoy');
    });

    it('with members that run are not removed', async () => {
      await near.network('sea');
      await near.run('web', on('sea'));
      await expect(engine.client.networks.remove({ network: 'sea' })).rejects.toThrow(/in use by web/);
    });
  });

  describe('published ports', () => {
    const publish = (more: object = {}) => ({ ports: [{ containerPort: ECHO, ...more }] });
    const hostPort = (ports: readonly PublishedPort[]) => ports[0]?.hostPort ?? 0;

    it('lead to the container from every address of this machine', async () => {
      const { ports } = await near.run('web', publish());
      const hosts = ['127.0.0.1', 'localhost', ...otherAddresses()];
      for (const host of hosts) expect([host, await echoed(host, hostPort(ports))]).toEqual([host, 'ahoy']);
    });

    it('lead there from a container of another network, through this machine', async () => {
      await near.network('sea', SEA);
      const { ports } = await near.run('web', publish());
      await near.run('client', on('sea'));
      expect((await near.probe('client', '10.213.4.1', hostPort(ports))).outcome).toBe('connected');
    });

    it('of one address are reached there alone', async () => {
      const { ports } = await near.run('web', publish({ hostAddress: '127.0.0.1' }));
      expect(await echoed('127.0.0.1', hostPort(ports))).toBe('ahoy');
      for (const host of otherAddresses()) await expect(echoed(host, hostPort(ports))).rejects.toThrow();
    });

    it('carry UDP', async () => {
      const { ports } = await near.runUdp('web', publish({ protocol: 'udp' }));
      expect(await echoedUdp('127.0.0.1', hostPort(ports))).toBe('ahoy');
    });

    it('carry IPv6', async () => {
      await near.network('sea', { ipv6: true });
      const { ports, networks } = await near.run('web', { ...on('sea'), ...publish({ hostAddress: '::' }) });
      const { gateway } = networks[0]?.ipv6 ?? {};
      expect(await echoed(gateway ?? '', hostPort(ports))).toBe('ahoy');
    });

    it('that a program of this machine has are refused with its name and the next free one', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      try {
        const taken = { hostAddress: '127.0.0.1', hostPorts: { first: port, last: port } };
        const failure = await near.run('web', publish(taken)).catch((thrown: unknown) => thrown);
        expect(failure).toMatchObject({ code: 'conflict' });
        expect(`${String(failure)} ${(failure as { hint?: string }).hint ?? ''}`).toMatch(/node|free/);
      } finally {
        server.close();
      }
    });

    it('are free when the container has ended', async () => {
      const { ports } = await near.run('web', publish());
      await near.containers.remove('web');
      await expect(echoed('127.0.0.1', hostPort(ports))).rejects.toThrow();
    });
  });
});

/** A veth pair: one end for a network to hang on, the other with an address of this machine. */
class Cable implements AsyncDisposable {
  readonly near: string;

  static async lay(address: string): Promise<Cable> {
    const [near, far] = ['a', 'b'].map((end) => `lt-${process.pid % 100_000}-${end}`) as [string, string];
    await run('ip', ['link', 'add', near, 'type', 'veth', 'peer', 'name', far]);
    await run('ip', ['address', 'add', address, 'dev', far]);
    for (const end of [near, far]) await run('ip', ['link', 'set', end, 'up']);
    return new Cable(near);
  }

  private constructor(near: string) {
    this.near = near;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run('ip', ['link', 'delete', this.near]);
  }
}

/** Of this machine, besides those of loopback. */
function otherAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(
      ({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('10.213.'),
    )
    .map(({ address }) => address)
    .slice(0, 2);
}
