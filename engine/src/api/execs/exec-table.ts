import { randomBytes } from 'node:crypto';
import type { EngineClient } from '../../contract/index.ts';
import type { TerminalSize } from '../../types/index.ts';
import { DockerError } from '../server/failure.ts';
import type { ProcessCall } from '../streams/session.ts';

export interface ExecSettings {
  readonly containerId: string;
  readonly command: readonly string[];
  readonly env: readonly string[];
  readonly workingDir: string | undefined;
  readonly user: string | undefined;
  readonly tty: boolean;
  readonly privileged: boolean;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly detachKeys: string | undefined;
}

/** A command that is to run, runs or ran in a container. */
export interface Exec extends ExecSettings {
  readonly id: string;
  state: 'created' | 'running' | 'exited';
  pid: number;
  exitCode: number | null;
  /** While a client is joined to it. */
  call: ProcessCall | null;
  endedAt: number | null;
}

/** How long the result of one that ended can be asked for. */
const REMEMBERED_MS = 5 * 60_000;

/** Clients that create without end are refused before memory is. */
const MAX_EXECS = 10_000;

/**
 * Docker makes a command first and starts it later; the engine does both at once. What lies between is kept here, and
 * with its result is gone when the engine stops.
 */
export class ExecTable implements Disposable {
  private readonly execs = new Map<string, Exec>();
  private readonly watching = new AbortController();

  /** Hears from the engine's events how commands end that nobody is joined to. */
  async watch(engine: EngineClient): Promise<void> {
    const { signal } = this.watching;
    while (!signal.aborted) {
      try {
        for await (const event of engine.events.watch({ types: ['container'] }, { signal })) {
          if (event.type !== 'container') continue;
          if (event.action === 'exec_die')
            this.ended(event.attributes['execID'], event.attributes['exitCode']);
          if (event.action === 'die') this.containerEnded(event.id);
        }
        return;
      } catch {
        // Too many events at once: what was missed is an exit code that a joined client knows better.
      }
    }
  }

  [Symbol.dispose](): void {
    this.watching.abort();
  }

  create(settings: ExecSettings): Exec {
    this.forgetOld();
    if (this.execs.size >= MAX_EXECS) throw new DockerError(503, 'too many exec instances');
    const id = randomBytes(32).toString('hex');
    const exec: Exec = {
      ...settings,
      id,
      state: 'created',
      pid: 0,
      exitCode: null,
      call: null,
      endedAt: null,
    };
    this.execs.set(id, exec);
    return exec;
  }

  find(id: string): Exec {
    const exec = this.execs.get(id);
    if (exec !== undefined) return exec;
    throw new DockerError(404, `No such exec instance: ${id.slice(0, 100)}`);
  }

  /** Ids of those that run. */
  runningIn(containerId: string): readonly string[] {
    return [...this.execs.values()]
      .filter((exec) => exec.containerId === containerId && exec.state === 'running')
      .map(({ id }) => id);
  }

  async resize(id: string, size: TerminalSize): Promise<void> {
    const { call, state } = this.find(id);
    if (state !== 'running') throw new DockerError(409, `exec ${id} is not running`);
    await call?.send({ kind: 'resize', size });
  }

  ended(id: string | undefined, code: number | string | undefined): void {
    const exec = this.execs.get(id ?? '');
    if (exec === undefined) return;
    exec.state = 'exited';
    exec.exitCode ??= Number(code ?? 0);
    exec.call = null;
    exec.endedAt = Date.now();
  }

  /** None can be started any more; how the running ones ended is told by their own events. */
  private containerEnded(containerId: string): void {
    for (const [id, exec] of this.execs) {
      if (exec.containerId === containerId && exec.state === 'created') this.execs.delete(id);
    }
  }

  private forgetOld(): void {
    const oldest = Date.now() - REMEMBERED_MS;
    for (const [id, { endedAt }] of this.execs) {
      if (endedAt !== null && endedAt < oldest) this.execs.delete(id);
    }
  }
}
