import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isInSubnet, overlaps } from '../../addresses/index.ts';
import {
  type AssignedAddress,
  DEFAULT_NETWORK_ID,
  type NetworkDefinition,
  type NetworkHost,
  type RunRequest,
  type Runtime,
} from '../../runtime/index.ts';
import type { PortPublication } from '../../types/index.ts';
import { definition, endpoint } from './network-definition.ts';

/** Networks under test, and the runtime whose containers are on them. */
export interface NetworkHostSubject extends AsyncDisposable {
  readonly host: NetworkHost;
  readonly runtime: Runtime;
  request(id: string, command: readonly string[], more?: Partial<RunRequest>): RunRequest;
}

const FOREVER = ['sleep', '1000'];
const SUBNET = '10.231.7.0/24';
const PROBE = { port: 9, timeoutMs: 2_000 };

/** Holds networks to what their interface promises; the same for those in memory and the agent's. */
export function describeNetworkHost(name: string, open: () => Promise<NetworkHostSubject>): void {
  describe(`${name}, as a host of networks`, () => {
    let subject: NetworkHostSubject;
    const containers = new Set<string>();
    const networks = new Set<string>();

    beforeAll(async () => {
      subject = await open();
    });
    afterEach(async () => {
      for (const id of containers) await subject.runtime.delete(id, true);
      for (const id of networks) await subject.host.remove(id);
      containers.clear();
      networks.clear();
    });
    afterAll(() => subject[Symbol.asyncDispose]());

    const newId = (among: Set<string>): string => {
      const id = randomBytes(32).toString('hex');
      among.add(id);
      return id;
    };
    const network = async (more: Partial<NetworkDefinition> = {}) => {
      const asked = definition(newId(networks), more);
      return { asked, ...(await subject.host.apply(asked)) };
    };
    const run = async (more: Partial<RunRequest> = {}) => {
      const id = newId(containers);
      return { id, ...(await subject.runtime.run(subject.request(id, FOREVER, more))) };
    };
    const on = (id: string, more: Parameters<typeof endpoint>[1] = {}) => ({
      networks: [endpoint(id, more)],
    });
    const listed = async (id: string) => (await subject.host.list()).find((one) => one.definition.id === id);

    describe('apply', () => {
      it('fills in what was left to choose', async () => {
        const { asked, definition: made } = await network();
        const [pool] = made.pools;
        expect(made).toMatchObject({ id: asked.id, name: asked.name, driver: 'bridge' });
        expect(made.link).not.toBe('');
        expect(isInSubnet(pool?.gateway ?? '', pool?.subnet ?? '')).toBe(true);
        expect((await listed(asked.id))?.definition).toEqual(made);
      });

      it('keeps to what was asked for', async () => {
        const pool = {
          subnet: SUBNET,
          gateway: '10.231.7.9',
          range: '10.231.7.64/26',
          reserved: ['10.231.7.65'],
        };
        const { asked, definition: made } = await network({ pools: [pool] });
        expect(made.pools).toEqual([pool]);
        const { addresses } = await run(on(asked.id));
        expect(isInSubnet(bare(addresses[0]), pool.range)).toBe(true);
        expect(bare(addresses[0])).not.toBe('10.231.7.65');
      });

      it('twice is one network, and what it chose is the same network as well', async () => {
        const { asked, definition: made } = await network();
        expect((await subject.host.apply(asked)).definition).toEqual(made);
        expect((await subject.host.apply(made)).definition).toEqual(made);
      });

      it('chooses subnets that nobody else has', async () => {
        const [one, other] = [await network(), await network()];
        const subnets = [one, other].map(({ definition: made }) => made.pools[0]?.subnet ?? '');
        expect(overlaps(subnets[0] ?? '', subnets[1] ?? '')).toBe(false);
      });

      it('refuses a subnet that another network has', async () => {
        await network({ pools: [{ subnet: SUBNET, gateway: '', range: '', reserved: [] }] });
        const inside = { subnet: '10.231.7.128/25', gateway: '', range: '', reserved: [] };
        await expect(network({ pools: [inside] })).rejects.toMatchObject({ code: 'conflict' });
      });

      it('changes a network only while nobody is on it', async () => {
        const { asked } = await network();
        const { id } = await run(on(asked.id));
        const changed = { ...asked, internal: true };
        await expect(subject.host.apply(changed)).rejects.toMatchObject({ code: 'failed-precondition' });
        await subject.runtime.delete(id, true);
        expect((await subject.host.apply(changed)).definition.internal).toBe(true);
      });

      it('gives IPv6 a subnet of its own', async () => {
        const { asked, definition: made } = await network({ ipv6: true });
        const pool = made.pools.find(({ subnet }) => subnet.includes(':'));
        const { addresses } = await run(on(asked.id));
        expect(isInSubnet(addresses[0]?.ipv6Address.replace(/\/.*/, '') ?? '', pool?.subnet ?? '')).toBe(
          true,
        );
      });
    });

    describe('remove', () => {
      it('is refused with members, and of an unknown network a success', async () => {
        const { asked } = await network();
        await run(on(asked.id));
        await expect(subject.host.remove(asked.id)).rejects.toMatchObject({ code: 'failed-precondition' });
        await subject.host.remove(randomBytes(32).toString('hex'));
      });
    });

    describe('a container', () => {
      it('is a member from its start to its end', async () => {
        const { asked, definition: made } = await network();
        const { id, addresses } = await run(on(asked.id));
        const [address] = addresses;
        expect(address).toMatchObject({ network: asked.id, interface: 'eth0' });
        expect(isInSubnet(bare(address), made.pools[0]?.subnet ?? '')).toBe(true);
        expect(address?.gateway).toBe(made.pools[0]?.gateway);
        expect((await listed(asked.id))?.members).toMatchObject([{ containerId: id, address }]);
        await subject.runtime.delete(id, true);
        expect((await listed(asked.id))?.members).toEqual([]);
      });

      it('gets the address that it asks for, unless somebody has it', async () => {
        const { asked } = await network({
          pools: [{ subnet: SUBNET, gateway: '', range: '', reserved: [] }],
        });
        const { addresses } = await run(on(asked.id, { ipv4: '10.231.7.77' }));
        expect(addresses[0]?.address).toBe('10.231.7.77/24');
        await expect(run(on(asked.id, { ipv4: '10.231.7.77' }))).rejects.toThrow();
      });

      it('is on several networks, one interface each', async () => {
        const [one, other] = [await network(), await network()];
        const { addresses } = await run({ networks: [endpoint(one.asked.id), endpoint(other.asked.id)] });
        expect(addresses.map(({ network: id, interface: link }) => [id, link])).toEqual([
          [one.asked.id, 'eth0'],
          [other.asked.id, 'eth1'],
        ]);
      });

      it('comes to a network and leaves it while it runs', async () => {
        const { asked } = await network();
        const { id } = await run(on(DEFAULT_NETWORK_ID));
        const { address } = await subject.host.connect(id, endpoint(asked.id, { names: ['late'] }));
        expect(address).toMatchObject({ network: asked.id, interface: 'eth1' });
        await expect(subject.host.connect(id, endpoint(asked.id))).rejects.toMatchObject({
          code: 'already-exists',
        });
        const { containers: all } = await subject.runtime.list();
        expect(all.find((one) => one.id === id)?.addresses).toContainEqual(address);
        await subject.host.disconnect(id, asked.id);
        await subject.host.disconnect(id, asked.id);
        expect((await listed(asked.id))?.members).toEqual([]);
      });

      it('that does not run comes to none', async () => {
        const { asked } = await network();
        const id = randomBytes(32).toString('hex');
        await expect(subject.host.connect(id, endpoint(asked.id))).rejects.toThrow();
      });
    });

    describe('names', () => {
      it('are known to the members of the same network, and to nobody else', async () => {
        const [one, other] = [await network(), await network()];
        const near = await run(on(one.asked.id, { names: ['near'] }));
        const far = await run(on(other.asked.id, { names: ['far'] }));
        await run(on(one.asked.id, { names: ['web', 'www'] }));
        const outcome = async (from: string, host: string) =>
          (await subject.host.probe({ from, host, ...PROBE })).outcome;
        expect(await outcome(near.id, 'web')).toBe('refused');
        expect(await outcome(near.id, 'www')).toBe('refused');
        expect(await outcome(far.id, 'web')).toBe('unknown-name');
      });

      it('change while containers run', async () => {
        const { asked } = await network();
        const { id: from } = await run(on(asked.id, { names: ['asker'] }));
        const { id, addresses } = await run(on(asked.id, { names: ['old'] }));
        await subject.host.setNames(id, asked.id, ['new']);
        const probe = (host: string) => subject.host.probe({ from, host, ...PROBE });
        expect((await probe('old')).outcome).toBe('unknown-name');
        expect(await probe('new')).toMatchObject({ outcome: 'refused', addresses: [bare(addresses[0])] });
      });
    });

    describe('published ports', () => {
      const publish = (more: Partial<PortPublication> = {}): PortPublication => ({
        containerPort: 80,
        protocol: 'tcp',
        hostAddress: '127.0.0.1',
        hostPorts: null,
        ...more,
      });

      it('are chosen when nobody says which, and told in every answer', async () => {
        const { id, ports } = await run({ ...on(DEFAULT_NETWORK_ID), ports: [publish()] });
        expect(ports).toMatchObject([{ containerPort: 80, protocol: 'tcp', hostAddress: '127.0.0.1' }]);
        expect(ports[0]?.hostPort).toBeGreaterThan(1023);
        const { containers: all } = await subject.runtime.list();
        expect(all.find((one) => one.id === id)?.ports).toEqual(ports);
      });

      it('that are taken are refused with who has them; of a range the next one serves', async () => {
        const first = await run({ ...on(DEFAULT_NETWORK_ID), ports: [publish()] });
        const taken = first.ports[0]?.hostPort ?? 0;
        const again = publish({ hostPorts: { first: taken, last: taken } });
        await expect(run({ ...on(DEFAULT_NETWORK_ID), ports: [again] })).rejects.toMatchObject({
          code: 'conflict',
          hint: expect.any(String) as string,
        });
        const range = publish({ hostPorts: { first: taken, last: taken + 20 } });
        const { ports } = await run({ ...on(DEFAULT_NETWORK_ID), ports: [range] });
        expect(ports[0]?.hostPort).toBeGreaterThan(taken);
      });

      it('are free again after the container', async () => {
        const { id, ports } = await run({ ...on(DEFAULT_NETWORK_ID), ports: [publish()] });
        const port = ports[0]?.hostPort ?? 0;
        await subject.runtime.delete(id, true);
        const again = publish({ hostPorts: { first: port, last: port } });
        expect((await run({ ...on(DEFAULT_NETWORK_ID), ports: [again] })).ports).toEqual(ports);
      });
    });
  });
}

function bare(address: AssignedAddress | undefined): string {
  return address?.address.replace(/\/.*/, '') ?? '';
}
