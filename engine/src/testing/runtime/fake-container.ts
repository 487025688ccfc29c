import type { AssignedAddress, OciResources, RuntimeContainer, RunRequest } from '../../runtime/index.ts';
import type { ContainerExit, LogRecord, ProcessOutput, PublishedPort } from '../../types/index.ts';
import { FakeProcess, type FakeProgram, type ProcessEnd } from './fake-process.ts';

export interface StartedRun {
  readonly pid: number;
  readonly startedAt: string;
}

/** One container of the in-memory runtime: its process while it runs, its log, and who listens. */
export class FakeContainer {
  readonly log: LogRecord[] = [];
  request: RunRequest;
  process: FakeProcess | null = null;
  run: StartedRun | null = null;
  exit: ContainerExit | null = null;
  /** Called with each log record and at each end. */
  readonly logListeners = new Set<() => void>();
  readonly attached = new Set<(output: ProcessOutput) => void>();
  readonly execs = new Map<string, FakeProcess>();
  private readonly now: () => string;

  constructor(request: RunRequest, now: () => string) {
    this.request = request;
    this.now = now;
  }

  start(program: FakeProgram, run: StartedRun): Promise<ProcessEnd> {
    const { process } = this.request.spec;
    this.run = run;
    this.exit = null;
    this.process = new FakeProcess({
      program,
      args: process.args,
      env: process.env,
      openStdin: this.request.openStdin,
      isInit: !this.request.init,
      onOutput: (stream, data) => this.write(stream, data),
    });
    return this.process.ended;
  }

  /** The process has ended: those attached hear it, then are let go. */
  end(exit: ContainerExit): void {
    this.exit = exit;
    this.process = null;
    for (const tell of this.attached) tell({ kind: 'exited', code: exit.code, signal: exit.signal });
    this.attached.clear();
    for (const process of this.execs.values()) process.signal(9);
    this.notifyReaders();
  }

  /** What is not named stays. */
  changeLimits(resources: OciResources): void {
    const { spec } = this.request;
    const { linux } = spec;
    const before = linux.resources;
    const changed = {
      ...before,
      ...resources,
      memory: { ...before.memory, ...resources.memory },
      cpu: { ...before.cpu, ...resources.cpu },
    };
    this.request = { ...this.request, spec: { ...spec, linux: { ...linux, resources: changed } } };
  }

  listed(addresses: readonly AssignedAddress[], ports: readonly PublishedPort[]): RuntimeContainer | null {
    if (this.run === null) return null;
    const running = this.process !== null;
    return {
      id: this.request.id,
      running,
      paused: this.process?.frozen ?? false,
      pid: running ? this.run.pid : 0,
      startedAt: this.run.startedAt,
      exit: this.exit,
      addresses,
      ports,
    };
  }

  private write(stream: 'stdout' | 'stderr', data: Uint8Array): void {
    this.log.push({ at: this.now(), stream, data });
    for (const tell of this.attached) tell({ kind: stream, data });
    this.notifyReaders();
  }

  private notifyReaders(): void {
    for (const look of [...this.logListeners]) look();
  }
}
