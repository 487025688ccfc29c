import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeReal, RealEngine } from './real-agent.ts';
import { ECHO, echoed, echoedUdp, Neighbours } from './support/neighbours.ts';

const LONG = 4 * 1024 * 1024;

describeReal('ports on ::1', () => {
  let engine: RealEngine;
  let near: Neighbours;

  beforeAll(async () => {
    engine = await RealEngine.open();
    near = await Neighbours.on(engine);
  });
  afterEach(removeAll);
  afterAll(() => engine[Symbol.asyncDispose]());

  async function removeAll(): Promise<void> {
    const { containers } = engine.client;
    for (const { id } of await containers.list({})) await containers.remove({ container: id, force: true });
  }

  async function port(name: string): Promise<number> {
    const { ports } = await engine.client.containers.inspect({ container: name });
    return ports[0]?.hostPort ?? 0;
  }

  it('lead to a container that has no IPv6', async () => {
    await near.run('web', { ports: [{ containerPort: ECHO }] });
    expect(await echoed('::1', await port('web'))).toBe('ahoy');
  });

  it('are told when they were asked for alone, and are on no other address', async () => {
    const { ports } = await near.run('web', { ports: [{ containerPort: ECHO, hostAddress: '::1' }] });
    expect(ports).toMatchObject([{ hostAddress: '::1', containerPort: ECHO }]);
    expect(await echoed('::1', await port('web'))).toBe('ahoy');
    await expect(echoed('127.0.0.1', await port('web'))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('carry UDP, each port for itself', async () => {
    const udp = [{ containerPort: ECHO, protocol: 'udp' as const }];
    await near.runUdp('one', { ports: udp });
    await near.runUdp('two', { ports: udp });
    for (const name of ['one', 'two']) expect(await echoedUdp('::1', await port(name), name)).toBe(name);
  });

  it('carry much, both ways at once', async () => {
    await near.run('web', { ports: [{ containerPort: ECHO }] });
    const socket = connect({ host: '::1', port: await port('web') });
    await once(socket, 'connect');
    socket.write(Buffer.alloc(LONG, 'x'));
    let received = 0;
    for await (const data of socket) {
      received += (data as Buffer).length;
      if (received === LONG) break;
    }
    expect(received).toBe(LONG);
  });

  it('refuse when nobody listens in the container, and when it has ended', async () => {
    await near.run('web', { ports: [{ containerPort: ECHO + 1 }] });
    const free = await port('web');
    await expect(echoed('::1', free)).rejects.toThrow();
    await removeAll();
    await expect(echoed('::1', free)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
