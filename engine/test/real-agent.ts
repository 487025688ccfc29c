import { accessSync, constants, existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';
import { AgentClient } from '../src/agent-client/index.ts';
import { systemClock } from '../src/clock.ts';
import { channelPair, contract, createClient, type EngineClient, serve } from '../src/contract/index.ts';
import { createEngine, type Engine } from '../src/index.ts';
import type { Snapshotter } from '../src/snapshots/index.ts';
import { VERSION } from '../src/version.ts';

/** As `npm run build` leaves it; LONGSHORE_AGENT names another. */
export const AGENT =
  process.env['LONGSHORE_AGENT'] ?? join(import.meta.dirname, '../../native/target/longshore-agent');

const missing = [
  ...(process.getuid?.() === 0 ? [] : ['root']),
  ...(existsSync(AGENT) ? [] : ['a built agent']),
  ...(existsSync('/bin/busybox') ? [] : ['/bin/busybox']),
];

/** Tests that are counted as skipped, with what they miss in their name, where they cannot run. */
export function describeReal(name: string, body: () => void, programs: readonly string[] = []): void {
  const lacks = [...missing, ...programs.filter((program) => !isInstalled(program))];
  if (lacks.length === 0) describe(name, body);
  else describe.skip(`${name} (needs ${lacks.join(', ')})`, body);
}

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** An agent with a data folder of its own, without an engine; both are gone when it is disposed of. */
export class RealAgent implements AsyncDisposable {
  readonly dataDir: string;
  private readonly client: AgentClient;

  static async open(): Promise<RealAgent> {
    const agent = new RealAgent(await mkdtemp('/var/tmp/longshore-test-'));
    await agent.client.start();
    return agent;
  }

  private constructor(dataDir: string) {
    this.dataDir = dataDir;
    const runDir = join(dataDir, 'run');
    this.client = new AgentClient({ binary: AGENT, dataDir, runDir, version: VERSION, clock: systemClock });
  }

  get snapshotter(): Snapshotter {
    return this.client.snapshotter;
  }

  get pid(): number {
    const { state } = this.client;
    if (state.status !== 'running') throw new Error(`The agent is ${state.status}.`);
    return state.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { state } = this.client;
    await this.client[Symbol.asyncDispose]();
    if (state.status === 'running') await terminate(state.pid);
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** An engine with a data folder and an agent of its own; both are gone when it is disposed of. */
export class RealEngine implements AsyncDisposable {
  readonly dataDir: string;
  readonly runDir: string;
  readonly problems: string[] = [];
  private opened: Engine | null = null;
  private door: { readonly client: EngineClient; close(): void } | null = null;

  static async open(): Promise<RealEngine> {
    const real = await RealEngine.prepare();
    await real.start();
    return real;
  }

  /** Its folder only, in this one: `start` is up to the test. */
  static async prepare(around = '/var/tmp'): Promise<RealEngine> {
    return new RealEngine(await mkdtemp(join(around, 'longshore-test-')));
  }

  private constructor(dataDir: string) {
    this.dataDir = dataDir;
    this.runDir = join(dataDir, 'run');
  }

  get handlers(): Engine['handlers'] {
    if (this.opened === null) throw new Error('The engine is not open.');
    return this.opened.handlers;
  }

  /** Calls as any caller of the engine makes them, with what the contract fills in. */
  get client(): EngineClient {
    this.door ??= openDoor(this.handlers);
    return this.door.client;
  }

  async start(): Promise<void> {
    const { dataDir, runDir } = this;
    const onProblem = (problem: string) => void this.problems.push(problem);
    this.opened = await createEngine({ dataDir, runDir, agent: { binary: AGENT }, onProblem });
  }

  async stop(): Promise<void> {
    this.door?.close();
    this.door = null;
    await this.opened?.[Symbol.asyncDispose]();
    this.opened = null;
  }

  async agentPid(): Promise<number> {
    const { agent } = await this.handlers.system.info({}, { signal: new AbortController().signal });
    if (agent.status !== 'running') throw new Error(`The agent is ${agent.status}.`);
    return agent.pid;
  }

  /** Resolves when an agent other than this one serves the engine. */
  async anotherAgent(before: number): Promise<void> {
    const { signal } = new AbortController();
    const changes = this.handlers.events.watch({ types: ['engine'], since: 0 }, { signal });
    for await (const _ of changes) {
      const { agent } = await this.handlers.system.info({}, { signal });
      if (agent.status === 'running' && agent.pid !== before) return;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.opened === null) await this.start();
    const pid = await this.agentPid();
    try {
      await this.removeAll();
    } finally {
      await this.stop();
      await this.removeStrangers();
      await terminate(pid);
      await rm(this.dataDir, { recursive: true, force: true });
    }
  }

  private async removeAll(): Promise<void> {
    for (const { id } of await this.client.containers.list({})) {
      await this.client.containers.remove({ container: id, force: true });
    }
    for (const { id } of await this.client.networks.list({ filters: { type: ['custom'] } })) {
      await this.client.networks.remove({ network: id });
    }
  }

  /** What no record knows, as of an engine that was killed. For it the agent would leave its network on the machine. */
  private async removeStrangers(): Promise<void> {
    const { dataDir, runDir } = this;
    await using agent = new AgentClient({
      binary: AGENT,
      dataDir,
      runDir,
      version: VERSION,
      clock: systemClock,
    });
    const { containers } = await agent.runtime.list();
    for (const { id } of containers) await agent.runtime.delete(id, true);
  }
}

function openDoor(handlers: Engine['handlers']) {
  const [caller, handler] = channelPair();
  serve(contract, handlers, handler);
  return { client: createClient(contract, caller), close: () => caller.close() };
}

async function terminate(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  await ended(pid);
}

/** Not a child of this process: its end is seen in /proc only. */
export async function ended(pid: number): Promise<void> {
  for (;;) {
    try {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      if (stat.includes(') Z ')) return;
    } catch {
      return;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
