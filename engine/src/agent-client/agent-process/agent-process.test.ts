import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineError } from '../../errors/index.ts';
import { HastyClock } from '../../testing/index.ts';
import type { HelloResponse } from '../generated/longshore/agent/v1/system.ts';
import { AgentProcess } from './agent-process.ts';

/** A socket that listens stands for the agent; the line to it is told when it is lost. */
class FakeMachine {
  readonly socketPath: string;
  readonly launches: boolean[] = [];
  refuse: EngineError | null = null;
  lose: () => void = () => undefined;
  private server: Server | null = null;

  constructor(folder: string) {
    this.socketPath = join(folder, 'agent.sock');
  }

  readonly line = {
    connect: async () => undefined,
    hello: async () => ({ pid: 100 + this.launches.length, agentVersion: '1' }) as HelloResponse,
    lost: (signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        this.lose = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
  };

  readonly launch = async (mayAsk: boolean): Promise<void> => {
    this.launches.push(mayAsk);
    if (this.refuse !== null) throw this.refuse;
    await this.listen();
  };

  async listen(): Promise<void> {
    const server = createServer((socket) => socket.destroy());
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.socketPath, resolve));
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }
}

let folder: string;
let machine: FakeMachine;
let agent: AgentProcess;
const open = (retries: boolean) => {
  const { line, socketPath, launch } = machine;
  return new AgentProcess({ line, socketPath, launch, retries, clock: new HastyClock() });
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-agent-'));
  machine = new FakeMachine(folder);
});
afterEach(async () => {
  await agent[Symbol.asyncDispose]();
  await machine.close();
  await rm(folder, { recursive: true, force: true });
});

describe('AgentProcess', () => {
  it('uses an agent that runs, and starts none', async () => {
    await machine.listen();
    agent = open(true);
    await agent.open();
    expect(agent.state).toMatchObject({ status: 'running' });
    expect(machine.launches).toEqual([]);
  });

  it('starts one where there is none, and another when that dies, without asking anybody again', async () => {
    agent = open(true);
    await agent.open();
    expect(agent.state).toMatchObject({ status: 'running', pid: 101 });
    await machine.close();
    machine.lose();
    await new Promise<void>((resolve) => {
      agent.onStateChange((state) => {
        if (state.status === 'running') resolve();
      });
    });
    expect(agent.state).toMatchObject({ status: 'running', pid: 102 });
    expect(machine.launches).toEqual([true, false]);
  });

  it('without rights is unavailable, says why to every caller, and tries again when asked', async () => {
    machine.refuse = new EngineError('permission-denied', 'no rights', { hint: 'sudo it' });
    agent = open(false);
    await expect(agent.open()).rejects.toMatchObject({ code: 'permission-denied', hint: 'sudo it' });
    await expect(agent.open()).rejects.toMatchObject({ code: 'permission-denied' });
    expect(machine.launches).toEqual([true]);
    machine.refuse = null;
    await agent.start();
    expect(agent.state).toMatchObject({ status: 'running' });
    expect(machine.launches).toEqual([true, true]);
  });

  it('finds an agent that a person starts by hand meanwhile', async () => {
    machine.refuse = new EngineError('permission-denied', 'no rights');
    agent = open(false);
    await expect(agent.open()).rejects.toThrow('no rights');
    await machine.listen();
    await agent.opened(new AbortController().signal);
    expect(machine.launches).toEqual([true]);
  });
});
