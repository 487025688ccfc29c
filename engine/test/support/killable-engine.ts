import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { contract, createClient, type CallerChannel, type EngineClient } from '../../src/contract/index.ts';
import { connectToEngine } from '../../src/host/door/connect.ts';
import type { RealEngine } from '../real-agent.ts';
import { startProgram } from './engine-program.ts';

/** An engine in a process of its own, which can be killed and started again, and a client of it. */
export class KillableEngine implements AsyncDisposable {
  private readonly folders: RealEngine;
  private process: ChildProcess | null = null;
  private channel: CallerChannel | null = null;
  private connected: EngineClient | null = null;

  /** `folders` is an engine that has not been started. */
  constructor(folders: RealEngine) {
    this.folders = folders;
  }

  get client(): EngineClient {
    if (this.connected === null) throw new Error('The engine does not run.');
    return this.connected;
  }

  async start(): Promise<void> {
    const child = await startProgram('serving-engine', this.folders);
    this.process = child;
    if (child.stdout === null) throw new Error('The engine has no output.');
    const ended = once(child, 'exit').then(() =>
      Promise.reject(new Error('The engine has ended at its start.')),
    );
    ended.catch(() => undefined);
    await Promise.race([once(child.stdout, 'data'), ended]);
    this.channel = await connectToEngine(this.folders.runDir);
    this.connected = createClient(contract, this.channel);
  }

  async kill(): Promise<void> {
    const child = this.process;
    this.channel?.close();
    [this.process, this.channel, this.connected] = [null, null, null];
    if (child === null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
