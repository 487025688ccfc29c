import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe } from 'vitest';
import { createEngine, type Engine } from '../src/index.ts';

/** As `npm run build` leaves it; LONGSHORE_AGENT names another. */
export const AGENT =
  process.env['LONGSHORE_AGENT'] ?? join(import.meta.dirname, '../../native/target/longshore-agent');

const missing = [
  ...(process.getuid?.() === 0 ? [] : ['root']),
  ...(existsSync(AGENT) ? [] : ['a built agent']),
  ...(existsSync('/bin/busybox') ? [] : ['/bin/busybox']),
];

/** Tests that are counted as skipped, with what they miss in their name, where they cannot run. */
export function describeReal(name: string, body: () => void): void {
  if (missing.length === 0) describe(name, body);
  else describe.skip(`${name} (needs ${missing.join(', ')})`, body);
}

/** An engine with a data folder and an agent of its own; both are gone when it is disposed of. */
export class RealEngine implements AsyncDisposable {
  readonly dataDir: string;
  readonly runDir: string;
  readonly problems: string[] = [];
  private opened: Engine | null = null;

  static async open(): Promise<RealEngine> {
    const real = new RealEngine(await mkdtemp('/var/tmp/longshore-test-'));
    await real.start();
    return real;
  }

  private constructor(dataDir: string) {
    this.dataDir = dataDir;
    this.runDir = join(dataDir, 'run');
  }

  get handlers(): Engine['handlers'] {
    if (this.opened === null) throw new Error('The engine is not open.');
    return this.opened.handlers;
  }

  async start(): Promise<void> {
    const { dataDir, runDir } = this;
    const onProblem = (problem: string) => void this.problems.push(problem);
    this.opened = await createEngine({ dataDir, runDir, agent: { binary: AGENT }, onProblem });
  }

  async stop(): Promise<void> {
    await this.opened?.[Symbol.asyncDispose]();
    this.opened = null;
  }

  async agentPid(): Promise<number> {
    const { agent } = await this.handlers.system.info({}, { signal: new AbortController().signal });
    if (agent.status !== 'running') throw new Error(`The agent is ${agent.status}.`);
    return agent.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { signal } = new AbortController();
    for (const { id } of await this.handlers.containers.list({ all: true }, { signal })) {
      await this.handlers.containers.remove({ container: id, force: true }, { signal });
    }
    const pid = await this.agentPid();
    await this.stop();
    process.kill(pid, 'SIGTERM');
    await ended(pid);
    await rm(this.dataDir, { recursive: true, force: true });
  }
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
