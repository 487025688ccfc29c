import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeReal, RealEngine } from './real-agent.ts';
import { NameServer } from './support/name-server.ts';
import { Neighbours } from './support/neighbours.ts';

const NAME = 'printer.example';
/** Documentation addresses (RFC 5737), in the order that they sort in. */
const RIGHT = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];
const WRONG = ['198.51.100.1'];

describeReal('names that this machine is asked for, from a container', () => {
  let engine: RealEngine;
  let near: Neighbours;

  beforeAll(async () => {
    engine = await RealEngine.open();
    near = await Neighbours.on(engine);
    await near.network('sea');
  });
  afterEach(async () => {
    await near.containers.remove('client');
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  /** What the client is told, sorted, when it asks these servers. */
  async function told(...dns: readonly string[]): Promise<readonly string[]> {
    await near.run('client', { networks: [{ network: 'sea' }], dns: [...dns] });
    return asked();
  }

  async function asked(): Promise<readonly string[]> {
    return [...(await near.resolve('client', NAME))].sort();
  }

  it('come from the next server when the first is dead', async () => {
    await using _ = await NameServer.on('127.83.1.2', 'answers', RIGHT);
    expect(await told('127.83.1.1', '127.83.1.2')).toEqual(RIGHT);
  });

  it('come from the next server when the first says nothing, which is then asked no more', async () => {
    await using silent = await NameServer.on('127.83.2.1', 'is silent', WRONG);
    await using _ = await NameServer.on('127.83.2.2', 'answers', RIGHT);
    expect(await told('127.83.2.1', '127.83.2.2')).toEqual(RIGHT);
    const { udp } = silent.heard;
    expect(udp).toBeGreaterThan(0);
    expect(await asked()).toEqual(RIGHT);
    expect(silent.heard.udp).toBe(udp);
  });

  it('are asked for again over TCP when an answer was too long for a datagram', async () => {
    await using server = await NameServer.on('127.83.3.1', 'truncates', RIGHT);
    expect(await told('127.83.3.1')).toEqual(RIGHT);
    expect(server.heard.tcp).toBeGreaterThan(0);
  });

  it('fail at once, not after the time of the client, when no server is there', async () => {
    await near.run('client', { networks: [{ network: 'sea' }], dns: ['127.83.4.1', '127.83.4.2'] });
    const { text } = await near.tryExec('client', `nslookup ${NAME}`);
    expect(text).toContain('SERVFAIL');
  });

  it('are known as soon as a dead server is back', async () => {
    expect(await told('127.83.5.1')).toEqual([]);
    await using _ = await NameServer.on('127.83.5.1', 'answers', RIGHT);
    await expect.poll(asked, { timeout: 30_000 }).toEqual(RIGHT);
  });
});
