import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { ContainerRequestInput } from '../src/contract/index.ts';
import { describeReal, RealEngine } from './real-agent.ts';
import { LanHost } from './support/lan-host.ts';
import { ECHO, Neighbours } from './support/neighbours.ts';

type Publication = NonNullable<ContainerRequestInput['ports']>[number];

const SEA = '10.213.7.0/24';

describeReal('another host on the LAN', () => {
  let engine: RealEngine;
  let near: Neighbours;
  let lan: LanHost;

  beforeAll(async () => {
    engine = await RealEngine.open();
    near = await Neighbours.on(engine);
    await near.network('sea', { subnets: [{ subnet: SEA }] });
    lan = await LanHost.connect();
    await lan.route(SEA);
    await lan.routeLoopback();
  });
  afterEach(() => near.containers.remove('web'));
  afterAll(async () => {
    await lan[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
  });

  /** The port of this machine that leads to a container which answers there. */
  async function published(more: Partial<Publication> = {}): Promise<number> {
    const ports = [{ containerPort: ECHO, ...more }];
    const serve = more.protocol === 'udp' ? near.runUdp('web', { ports }) : near.run('web', { ports });
    return (await serve).ports[0]?.hostPort ?? 0;
  }

  it.each(['tcp', 'udp'] as const)('reaches what is published everywhere, over %s', async (protocol) => {
    expect(await lan.echoed(lan.machine, await published({ protocol }), protocol)).toBe('ahoy');
  });

  it('reaches what is published on the address that it knows', async () => {
    expect(await lan.echoed(lan.machine, await published({ hostAddress: lan.machine }))).toBe('ahoy');
  });

  it('is known to the container by its own address', async () => {
    const tellsPeers = ['nc', '-ll', '-p', String(ECHO), '-e', 'netstat', '-tn'];
    const ports = [{ containerPort: ECHO }];
    const web = await near.containers.run(tellsPeers, { name: 'web', ports });
    const answer = () => lan.echoed(lan.machine, web.ports[0]?.hostPort ?? 0);
    await expect.poll(answer, { timeout: 10_000 }).toContain(`${lan.address}:`);
  });

  it.each(['tcp', 'udp'] as const)(
    'does not reach what is published on 127.0.0.1, whatever it routes, over %s',
    async (protocol) => {
      const port = await published({ protocol, hostAddress: '127.0.0.1' });
      expect(await lan.echoed(lan.machine, port, protocol)).toBe('');
      expect(await lan.echoed('127.0.0.1', port, protocol)).toBe('');
    },
  );

  it('does not reach a container past its ports, by the address that it has', async () => {
    await near.run('web', { networks: [{ network: 'sea' }], ports: [{ containerPort: ECHO + 1 }] });
    const address = await near.addressOf('web', 'sea');
    expect((await near.probe('web', address)).outcome).toBe('connected');
    expect(await lan.echoed(address, ECHO)).toBe('');
    expect(await lan.echoed(address, ECHO + 1)).toBe('');
  });
});
