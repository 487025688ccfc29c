import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { describeReal, ended, RealEngine } from './real-agent.ts';
import { KillableEngine } from './support/killable-engine.ts';
import { ECHO, echoed, Neighbours } from './support/neighbours.ts';

const patience = { timeout: 30_000 };

describeReal('SIGKILL with traffic flowing', () => {
  let folders: RealEngine;
  let engine: KillableEngine;
  let near: Neighbours;

  beforeEach(async () => {
    folders = await RealEngine.prepare();
    engine = new KillableEngine(folders);
    await engine.start();
    near = await Neighbours.on(engine);
    await near.network('sea', { subnets: [{ subnet: '10.213.6.0/24' }] });
  });
  afterEach(async () => {
    await engine[Symbol.asyncDispose]();
    await folders[Symbol.asyncDispose]();
  });

  async function agentPid(): Promise<number | null> {
    const { agent } = await engine.client.system.info({});
    return agent.status === 'running' ? agent.pid : null;
  }

  async function killAgent(): Promise<void> {
    const before = (await agentPid()) ?? 0;
    process.kill(before, 'SIGKILL');
    await ended(before);
    await vi.waitUntil(async () => ![before, null].includes(await agentPid()), patience);
  }

  async function killEngine(): Promise<void> {
    await engine.kill();
    await engine.start();
    await vi.waitUntil(agentPid, patience);
  }

  it.each([
    ['the agent', killAgent],
    ['the engine', killEngine],
  ])('of %s: connections go on, names and ports stay', async (_, kill) => {
    const { ports } = await near.run('web', {
      networks: [{ network: 'sea', aliases: ['www'] }],
      ports: [{ containerPort: ECHO }],
    });
    await near.run('client', { networks: [{ network: 'sea' }] });
    const before = await engine.client.containers.inspect({ container: 'web' });
    const port = ports[0]?.hostPort ?? 0;
    const through = await Talk.with('127.0.0.1', port);
    await near.chatter('talker', await near.addressOf('web', 'sea'), { networks: [{ network: 'sea' }] });
    const said = (): Promise<number> => near.linesOf('talker');
    await vi.waitUntil(async () => (await said()) > 2, patience);

    await kill();

    expect(await through.says('still here')).toBe('still here');
    const count = await said();
    await vi.waitUntil(async () => (await said()) > count + 2, patience);
    await vi.waitFor(async () => expect(await echoed('127.0.0.1', port)).toBe('ahoy'), patience);
    await vi.waitFor(async () => {
      expect(await near.resolve('client', 'www')).toEqual([before.networks[0]?.ipv4?.address]);
    }, patience);
    const after = await engine.client.containers.inspect({ container: 'web' });
    expect({ networks: after.networks, ports: after.ports }).toEqual({
      networks: before.networks,
      ports: before.ports,
    });
    through.end();
  });
});

/** One connection that is spoken through more than once. */
class Talk {
  private readonly socket: Socket;

  static async with(host: string, port: number): Promise<Talk> {
    const socket = connect({ host, port });
    await once(socket, 'connect');
    const talk = new Talk(socket);
    expect(await talk.says('ahoy')).toBe('ahoy');
    return talk;
  }

  private constructor(socket: Socket) {
    this.socket = socket;
    // What breaks the connection shows in the next word.
    socket.on('error', () => undefined);
  }

  async says(word: string): Promise<string> {
    this.socket.write(word);
    const [data] = (await once(this.socket, 'data', { signal: AbortSignal.timeout(20_000) })) as [Buffer];
    return data.toString();
  }

  end(): void {
    this.socket.destroy();
  }
}
