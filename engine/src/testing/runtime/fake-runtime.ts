import { type Clock, systemClock } from '../../clock.ts';
import { EngineError, toEngineError } from '../../errors/index.ts';
import {
  type AttachRequest,
  type CallOptions,
  type ExecRequest,
  type LogQuery,
  type OciResources,
  type ResizeRequest,
  type RunRequest,
  type RunResult,
  type Runtime,
  type RuntimeEvent,
  type RuntimeListing,
  type RuntimeStatsBatch,
  type StatsQuery,
} from '../../runtime/index.ts';
import type {
  ContainerExit,
  ContainerProcesses,
  LogBatch,
  ProcessInput,
  ProcessOutput,
} from '../../types/index.ts';
import { FakeNetworkHost } from '../networks/fake-network-host.ts';
import { FakeContainer } from './fake-container.ts';
import { FakeProcess, type FakeProgram, type ProcessEnd } from './fake-process.ts';
import { FakeJournal } from './fake-journal.ts';
import { readLog } from './fake-logs.ts';
import { cancelled, feed, nameOf, unavailable, untilAborted } from './fake-support.ts';
import { FAKE_CPUS, FAKE_MEMORY_BYTES, fakeInit, fakeStats } from './fake-usage.ts';
import { endOnAbort, Pipe } from './pipe.ts';
import { BUSYBOX, commandNotFound } from './programs.ts';

const SIGKILL = 9;
const LEAST_STATS_INTERVAL_MS = 100;

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
  /** Awaited before limits change. */
  beforeUpdate: (resources: OciResources) => Promise<void> = async () => undefined;
  /** Every `run` that came, in order. */
  readonly runs: RunRequest[] = [];
  private readonly containers = new Map<string, FakeContainer>();
  private readonly waitingAttachments = new Map<string, Set<(output: ProcessOutput) => void>>();
  /** Every `update` that came, in order. */
  readonly updates: { readonly id: string; readonly resources: OciResources }[] = [];
  /** What `stats` streams that are open were asked for. */
  readonly statsQueries = new Set<StatsQuery>();
  readonly clock: Clock;
  /** The machine's networks, which its containers are on. */
  readonly networks = new FakeNetworkHost((signal) => this.check(signal));
  private readonly journal: FakeJournal;
  private connected = true;
  private readonly onConnected = new Set<() => void>();
  private lastPid = 100;

  constructor(clock: Clock = systemClock) {
    this.clock = clock;
    this.journal = new FakeJournal(clock);
  }

  /** The agent goes away: calls fail, streams break, containers run on. */
  disconnect(): void {
    this.connected = false;
    this.journal.breakOff(unavailable());
  }

  reconnect(): void {
    this.connected = true;
    for (const tell of this.onConnected) tell();
    this.onConnected.clear();
  }

  /** The machine goes down: nothing is left but what was on disk, of which this runtime has nothing. */
  forgetAll(): void {
    this.containers.clear();
    this.networks.forgetAll();
  }

  /** How many execs run in a container. */
  execCount(id: string): number {
    return this.containers.get(id)?.execs.size ?? 0;
  }

  async run(request: RunRequest, { signal }: CallOptions = {}): Promise<RunResult> {
    this.check(signal);
    this.runs.push(request);
    await untilAborted(this.beforeRun(request), signal);
    this.check(signal);
    const container = this.containers.get(request.id) ?? new FakeContainer(request, () => this.journal.now());
    container.request = request;
    const program = container.process === null ? this.program(request.spec.process.args) : null;
    if (program !== null) this.networks.admit(request.id, request.networks, request.ports);
    this.containers.set(request.id, container);
    if (program !== null) this.start(container, program);
    const { pid, startedAt } = container.run ?? { pid: 0, startedAt: '' };
    const [addresses, ports] = [this.networks.addressesOf(request.id), this.networks.portsOf(request.id)];
    return { pid, startedAt, addresses, ports, startedNow: program !== null, warnings: [] };
  }

  async signal(id: string, signal: number, options: CallOptions = {}): Promise<void> {
    this.check(options.signal);
    await untilAborted(this.beforeSignal(id, signal), options.signal);
    this.running(id).signal(signal);
  }

  async signalExec(id: string, execId: string, signal: number, options: CallOptions = {}): Promise<void> {
    this.check(options.signal);
    const process = this.known(id).execs.get(execId);
    if (process === undefined)
      throw new EngineError('not-found', 'No such exec.', { detail: { path: execId } });
    process.signal(signal);
  }

  async pause(id: string, { signal }: CallOptions = {}): Promise<void> {
    this.check(signal);
    const process = this.running(id);
    if (process.freeze()) this.journal.record({ kind: 'paused', id });
  }

  async resume(id: string, { signal }: CallOptions = {}): Promise<void> {
    this.check(signal);
    const process = this.running(id);
    if (!process.frozen) return;
    this.journal.record({ kind: 'resumed', id });
    process.thaw();
  }

  async update(id: string, resources: OciResources, { signal }: CallOptions = {}): Promise<void> {
    this.check(signal);
    await this.beforeUpdate(resources);
    this.running(id);
    this.known(id).changeLimits(resources);
    this.updates.push({ id, resources });
  }

  async processes(id: string, { signal }: CallOptions = {}): Promise<ContainerProcesses> {
    this.check(signal);
    this.running(id);
    return { processes: [fakeInit(this.known(id))], truncated: false };
  }

  async *stats(query: StatsQuery, { signal }: CallOptions = {}): AsyncIterable<RuntimeStatsBatch> {
    this.check(signal);
    this.statsQueries.add(query);
    try {
      for (;;) {
        yield this.sample(query);
        if (query.intervalMs === 0) return;
        await this.clock.sleep(Math.max(query.intervalMs, LEAST_STATS_INTERVAL_MS), signal);
        this.check(signal);
      }
    } catch (thrown) {
      throw toEngineError(thrown);
    } finally {
      this.statsQueries.delete(query);
    }
  }

  async delete(id: string, force: boolean, { signal }: CallOptions = {}): Promise<void> {
    this.check(signal);
    const container = this.containers.get(id);
    if (container?.process != null) {
      if (!force)
        throw new EngineError('failed-precondition', 'The container is running.', { detail: { path: id } });
      const { process } = container;
      process.signal(SIGKILL);
      process.thaw();
      await process.ended;
    }
    this.containers.delete(id);
  }

  async *exec(
    request: ExecRequest,
    input: AsyncIterable<ProcessInput>,
    { signal }: CallOptions = {},
  ): AsyncIterable<ProcessOutput> {
    this.check(signal);
    if (this.running(request.containerId).frozen) {
      throw new EngineError('failed-precondition', 'The container is paused.');
    }
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
      this.journal.record({
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
    const containers = [...this.containers.values()].flatMap((container) => {
      const { id } = container.request;
      return container.listed(this.networks.addressesOf(id), this.networks.portsOf(id)) ?? [];
    });
    return { containers, asOfSeq: this.journal.lastSeq };
  }

  async *events(afterSeq: number, { signal }: CallOptions = {}): AsyncIterable<RuntimeEvent> {
    this.check(signal);
    yield* this.journal.follow(afterSeq, signal);
  }

  async reachable(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw toEngineError(signal.reason);
    if (this.connected) return;
    await new Promise<void>((resolve, reject) => {
      this.onConnected.add(resolve);
      signal.addEventListener('abort', () => reject(toEngineError(signal.reason)), { once: true });
    });
  }

  private sample({ ids }: StatsQuery): RuntimeStatsBatch {
    const at = this.journal.now();
    const asked = [...this.containers.values()].filter(
      ({ request }) => ids.length === 0 || ids.includes(request.id),
    );
    return {
      at,
      hostCpuNs: Date.parse(at) * 1_000_000 * FAKE_CPUS,
      onlineCpus: FAKE_CPUS,
      hostMemoryBytes: FAKE_MEMORY_BYTES,
      containers: asked.flatMap((container) => fakeStats(container, at) ?? []),
    };
  }

  private start(container: FakeContainer, program: FakeProgram): void {
    const { id } = container.request;
    const pid = ++this.lastPid;
    const startedAt = this.journal.now();
    for (const listener of this.waitingAttachments.get(id) ?? []) container.attached.add(listener);
    this.waitingAttachments.delete(id);
    const ended = container.start(program, { pid, startedAt });
    this.journal.record({ kind: 'started', id, pid, at: startedAt });
    void ended.then((end) => {
      const exit = this.exitOf(end);
      this.networks.dismiss(id);
      container.end(exit);
      this.journal.record({ kind: 'exited', id, exit, at: exit.at });
    });
  }

  private exitOf(end: ProcessEnd): ContainerExit {
    return {
      code: end.code,
      signal: nameOf(end),
      oomKilled: false,
      memoryPeakBytes: null,
      memoryLimitBytes: null,
      at: this.journal.now(),
    };
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
}
