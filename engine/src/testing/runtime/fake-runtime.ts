import { EngineError, toEngineError } from '../../errors/index.ts';
import {
  type AttachRequest,
  type CallOptions,
  type ExecRequest,
  type LogQuery,
  type ResizeRequest,
  type RunRequest,
  type RunResult,
  type Runtime,
  type RuntimeEvent,
  type RuntimeListing,
  signalName,
} from '../../runtime/index.ts';
import type { ContainerExit, LogBatch, ProcessInput, ProcessOutput } from '../../types/index.ts';
import { FakeContainer } from './fake-container.ts';
import { FakeProcess, type FakeProgram, type ProcessEnd } from './fake-process.ts';
import { readLog } from './fake-logs.ts';
import { endOnAbort, Pipe } from './pipe.ts';
import { BUSYBOX, commandNotFound } from './programs.ts';

const SIGKILL = 9;

type WithoutStamp<E> = E extends RuntimeEvent ? Omit<E, 'seq' | 'at'> & { readonly at?: string } : never;

/**
 * A runtime in memory that behaves: programs are functions, containers have logs, streams and exit codes, and the
 * journal is as the real one's. `disconnect` and `reconnect` are the agent going and coming: its containers run on.
 */
export class FakeRuntime implements Runtime {
  /** By the first word of a command. Tests add their own. */
  readonly programs: Record<string, FakeProgram> = { ...BUSYBOX };
  /** Awaited before a container runs: a test holds a start up, or makes it fail, here. */
  beforeRun: (request: RunRequest) => Promise<void> = async () => undefined;
  /** Awaited before a signal is delivered. */
  beforeSignal: (id: string, signal: number) => Promise<void> = async () => undefined;
  /** Every `run` that came, in order. */
  readonly runs: RunRequest[] = [];
  private readonly containers = new Map<string, FakeContainer>();
  private readonly waitingAttachments = new Map<string, Set<(output: ProcessOutput) => void>>();
  private readonly journal: RuntimeEvent[] = [];
  private readonly watchers = new Set<Pipe<RuntimeEvent>>();
  private connected = true;
  private readonly onConnected = new Set<() => void>();
  private lastPid = 100;
  private lastInstant = 0n;

  /** The agent goes away: calls fail, streams break, containers run on. */
  disconnect(): void {
    this.connected = false;
    for (const watcher of this.watchers) watcher.end(unavailable());
    this.watchers.clear();
  }

  reconnect(): void {
    this.connected = true;
    for (const tell of this.onConnected) tell();
    this.onConnected.clear();
  }

  /** The machine goes down: nothing is left but what was on disk, of which this runtime has nothing. */
  forgetAll(): void {
    this.containers.clear();
  }

  async run(request: RunRequest, { signal }: CallOptions = {}): Promise<RunResult> {
    this.check(signal);
    this.runs.push(request);
    await untilAborted(this.beforeRun(request), signal);
    this.check(signal);
    const container = this.containers.get(request.id) ?? new FakeContainer(request, () => this.now());
    container.request = request;
    const program = container.process === null ? this.program(request.spec.process.args) : null;
    this.containers.set(request.id, container);
    if (program !== null) this.start(container, program);
    const { pid, startedAt } = container.run ?? { pid: 0, startedAt: '' };
    return { pid, startedAt, addresses: container.addresses, startedNow: program !== null, warnings: [] };
  }

  async signal(id: string, signal: number, options: CallOptions = {}): Promise<void> {
    this.check(options.signal);
    await untilAborted(this.beforeSignal(id, signal), options.signal);
    this.running(id).signal(signal);
  }

  async delete(id: string, force: boolean, { signal }: CallOptions = {}): Promise<void> {
    this.check(signal);
    const container = this.containers.get(id);
    if (container?.process != null) {
      if (!force)
        throw new EngineError('failed-precondition', 'The container is running.', { detail: { path: id } });
      container.process.signal(SIGKILL);
      await container.process.ended;
    }
    this.containers.delete(id);
  }

  async *exec(
    request: ExecRequest,
    input: AsyncIterable<ProcessInput>,
    { signal }: CallOptions = {},
  ): AsyncIterable<ProcessOutput> {
    this.check(signal);
    this.running(request.containerId);
    const container = this.known(request.containerId);
    const output = new Pipe<ProcessOutput>();
    const process = new FakeProcess({
      program: this.program(request.args),
      args: request.args,
      env: [...container.request.spec.process.env, ...request.env],
      openStdin: request.openStdin,
      isInit: false,
      onOutput: (stream, data) => output.push({ kind: stream, data }),
    });
    if (request.size !== null) process.resize(request.size);
    container.execs.set(request.execId, process);
    void process.ended.then((end) => {
      container.execs.delete(request.execId);
      output.push({ kind: 'exited', code: end.code, signal: nameOf(end) });
      output.end();
      this.record({
        kind: 'exec-exited',
        id: request.containerId,
        execId: request.execId,
        code: end.code,
        signal: nameOf(end),
      });
    });
    yield { kind: 'ready', pid: ++this.lastPid };
    if (request.detach) return;
    using _ = endOnAbort(output, signal, cancelled);
    void feed(input, process, () => process.closeStdin());
    yield* output;
  }

  async *attach(
    request: AttachRequest,
    input: AsyncIterable<ProcessInput>,
    { signal }: CallOptions = {},
  ): AsyncIterable<ProcessOutput> {
    this.check(signal);
    const id = request.containerId;
    if (!request.beforeStart) this.running(id);
    const output = new Pipe<ProcessOutput>();
    const listeners = this.containers.get(id)?.attached ?? this.waiting(id);
    const listener = (value: ProcessOutput): void => {
      if (value.kind === 'stdout' && !request.stdout) return;
      if (value.kind === 'stderr' && !request.stderr) return;
      output.push(value);
      if (value.kind === 'exited') output.end();
    };
    listeners.add(listener);
    try {
      yield { kind: 'ready', pid: null };
      using _ = endOnAbort(output, signal, cancelled);
      if (request.stdin) void this.feedInit(id, input);
      yield* output;
    } finally {
      listeners.delete(listener);
    }
  }

  async resize({ containerId, execId, size }: ResizeRequest, { signal }: CallOptions = {}): Promise<void> {
    this.check(signal);
    const init = this.running(containerId);
    (execId === null ? init : this.known(containerId).execs.get(execId))?.resize(size);
  }

  async *logs(query: LogQuery, { signal }: CallOptions = {}): AsyncIterable<LogBatch> {
    this.check(signal);
    yield* readLog(this.known(query.id), query, signal);
  }

  async list({ signal }: CallOptions = {}): Promise<RuntimeListing> {
    this.check(signal);
    const containers = [...this.containers.values()].flatMap((container) => container.listed() ?? []);
    return { containers, asOfSeq: this.journal.length };
  }

  async *events(afterSeq: number, { signal }: CallOptions = {}): AsyncIterable<RuntimeEvent> {
    this.check(signal);
    const watcher = new Pipe<RuntimeEvent>();
    for (const event of this.journal) if (event.seq > afterSeq) watcher.push(event);
    this.watchers.add(watcher);
    try {
      using _ = endOnAbort(watcher, signal, cancelled);
      yield* watcher;
    } finally {
      this.watchers.delete(watcher);
    }
  }

  async reachable(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw toEngineError(signal.reason);
    if (this.connected) return;
    await new Promise<void>((resolve, reject) => {
      this.onConnected.add(resolve);
      signal.addEventListener('abort', () => reject(toEngineError(signal.reason)), { once: true });
    });
  }

  private start(container: FakeContainer, program: FakeProgram): void {
    const { id } = container.request;
    const pid = ++this.lastPid;
    const startedAt = this.now();
    for (const listener of this.waitingAttachments.get(id) ?? []) container.attached.add(listener);
    this.waitingAttachments.delete(id);
    const ended = container.start(program, { pid, startedAt });
    this.record({ kind: 'started', id, pid, at: startedAt });
    void ended.then((end) => {
      const exit = this.exitOf(end);
      container.end(exit);
      this.record({ kind: 'exited', id, exit, at: exit.at });
    });
  }

  private exitOf(end: ProcessEnd): ContainerExit {
    return {
      code: end.code,
      signal: nameOf(end),
      oomKilled: false,
      memoryPeakBytes: null,
      memoryLimitBytes: null,
      at: this.now(),
    };
  }

  private record(event: WithoutStamp<RuntimeEvent>): void {
    const stamped: RuntimeEvent = { ...event, seq: this.journal.length + 1, at: event.at ?? this.now() };
    this.journal.push(stamped);
    for (const watcher of this.watchers) watcher.push(stamped);
  }

  private program(args: readonly string[]): FakeProgram {
    const [command = ''] = args;
    const program = this.programs[command.replace(/^.*\//, '')];
    if (program === undefined) throw commandNotFound(command);
    return program;
  }

  private known(id: string): FakeContainer {
    const container = this.containers.get(id);
    if (container === undefined)
      throw new EngineError('not-found', 'No such container.', { detail: { path: id } });
    return container;
  }

  private running(id: string): FakeProcess {
    const { process } = this.known(id);
    if (process === null) throw new EngineError('failed-precondition', 'The container does not run.');
    return process;
  }

  private waiting(id: string): Set<(output: ProcessOutput) => void> {
    const listeners = this.waitingAttachments.get(id) ?? new Set();
    this.waitingAttachments.set(id, listeners);
    return listeners;
  }

  /** Input of an attachment goes to whichever process the container has when it comes. */
  private async feedInit(id: string, input: AsyncIterable<ProcessInput>): Promise<void> {
    const process = (): FakeProcess | null => this.containers.get(id)?.process ?? null;
    await feed(
      input,
      { write: (data) => process()?.write(data), resize: (size) => process()?.resize(size) },
      () => {
        if (this.containers.get(id)?.request.stdinOnce === true) process()?.closeStdin();
      },
    );
  }

  private check(signal: AbortSignal | undefined): void {
    if (signal?.aborted === true) throw toEngineError(signal.reason);
    if (!this.connected) throw unavailable();
  }

  /** Each instant later than the one before, so that two runs never share one. */
  private now(): string {
    const wall = BigInt(Date.now()) * 1_000_000n;
    this.lastInstant = wall > this.lastInstant ? wall : this.lastInstant + 1n;
    const fraction = String(this.lastInstant % 1_000_000_000n).padStart(9, '0');
    const seconds = new Date(Number(this.lastInstant / 1_000_000n)).toISOString().slice(0, 19);
    return `${seconds}.${fraction}Z`;
  }
}

async function feed(
  input: AsyncIterable<ProcessInput>,
  process: Pick<FakeProcess, 'write' | 'resize'>,
  onEnd: () => void,
): Promise<void> {
  for await (const value of input) {
    if (value.kind === 'stdin') process.write(value.data);
    else process.resize(value.size);
  }
  onEnd();
}

/** As a call over a wire: abandoned when the signal fires, whatever the other side is doing. */
function untilAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(toEngineError(signal.reason));
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function nameOf(end: ProcessEnd): string | null {
  return end.signal === 0 ? null : signalName(end.signal);
}

function unavailable(): EngineError {
  return new EngineError('unavailable', 'The agent does not run.');
}

function cancelled(): EngineError {
  return new EngineError('cancelled', 'The operation was cancelled.');
}
