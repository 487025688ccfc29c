import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { describeReal, RealEngine } from './real-agent.ts';
import { ECHO, echoed, Neighbours } from './support/neighbours.ts';

const run = promisify(execFile);
const patience = { timeout: 30_000 };

describeReal('networks with traffic on them', () => {
  let engine: RealEngine;
  let near: Neighbours;

  beforeAll(async () => {
    engine = await RealEngine.open();
    near = await Neighbours.on(engine);
    for (const name of ['sea', 'lake']) await near.network(name);
  });
  afterEach(async () => {
    for (const { id } of await engine.client.containers.list({})) await near.containers.remove(id);
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  const on = (network: string) => ({ networks: [{ network }] });

  /** Until each of them has had more answers than it has by now. */
  async function goOn(...talkers: readonly string[]): Promise<void> {
    for (const talker of talkers) {
      const count = await near.linesOf(talker);
      await vi.waitUntil(async () => (await near.linesOf(talker)) > count + 2, patience);
    }
  }

  async function talkers(to: string, ...names: readonly string[]): Promise<readonly string[]> {
    for (const name of names) await near.chatter(name, await near.addressOf(to, 'sea'), on('sea'));
    await goOn(...names);
    return names;
  }

  it('let a container go and take it in again, and nothing else is held up', async () => {
    const { networks } = engine.client;
    const { ports } = await near.run('web', { ...on('sea'), ports: [{ containerPort: ECHO }] });
    await near.run('client', on('lake'));
    const talking = await talkers('web', 'one', 'two', 'three');
    for (let round = 0; round < 5; round += 1) {
      const aliases = [`round-${round}`];
      await networks.connect({ network: 'lake', container: 'web', aliases });
      expect(await near.probe('client', `round-${round}`)).toMatchObject({ outcome: 'connected' });
      expect(await echoed('127.0.0.1', ports[0]?.hostPort ?? 0)).toBe('ahoy');
      await networks.disconnect({ network: 'lake', container: 'web' });
      expect(await near.probe('client', `round-${round}`)).toMatchObject({ outcome: 'unknown-name' });
    }
    await goOn(...talking);
  });

  it('have their rules back when a stranger has flushed them, and connections go on', async () => {
    const { ports } = await near.run('web', { ...on('sea'), ports: [{ containerPort: ECHO }] });
    const talking = await talkers('web', 'one', 'two');
    const tables = await rulesOf(engine);
    expect(tables.length).toBeGreaterThan(0);
    for (const table of tables) await run('nft', ['delete', 'table', ...table]);
    await vi.waitFor(async () => expect(await rulesOf(engine)).toEqual(tables), patience);
    expect(await echoed('127.0.0.1', ports[0]?.hostPort ?? 0)).toBe('ahoy');
    await near.run('stranger', on('lake'));
    const { outcome } = await near.probe('stranger', await near.addressOf('web', 'sea'));
    expect(['timed-out', 'unreachable']).toContain(outcome);
    await goOn(...talking);
  });

  it('have privileged ports of this machine as well', async () => {
    const hostPorts = { first: 800, last: 899 };
    const published = { containerPort: ECHO, hostAddress: '127.0.0.1', hostPorts };
    const { ports } = await near.run('web', { ports: [published] });
    expect(ports[0]?.hostPort).toBeLessThan(900);
    expect(await echoed('127.0.0.1', ports[0]?.hostPort ?? 0)).toBe('ahoy');
  });
});

/** Family and name of each table that the engine's agent has; the bridges' names have its number, too. */
async function rulesOf(engine: RealEngine): Promise<readonly (readonly [family: string, name: string])[]> {
  const { link } = await engine.client.networks.inspect({ network: 'bridge' });
  const name = `longshore-${(link ?? '').replace('ls-', '')}`;
  const { stdout } = await run('nft', ['list', 'tables']);
  const tables = stdout.split('\n').map((line) => line.split(' '));
  return tables.filter((words) => words[2] === name).map(([, family = '']) => [family, name] as const);
}
