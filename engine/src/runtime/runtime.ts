import type { ContainerProcesses, LogBatch, ProcessInput, ProcessOutput } from '../types/index.ts';
import type { OciResources } from './oci-spec.ts';
import type {
  AttachRequest,
  CallOptions,
  ExecRequest,
  LogQuery,
  ResizeRequest,
  RunRequest,
  RunResult,
} from './requests.ts';
import type { RuntimeEvent, RuntimeListing } from './runtime-event.ts';
import type { RuntimeStatsBatch, StatsQuery } from './runtime-stats.ts';

/**
 * What runs containers. The agent fulfils it over gRPC; testing/runtime fulfils it in memory; one contract suite
 * (testing/runtime/describe-runtime.ts) holds both to what is written here.
 *
 * Life of a container. `run` makes it and runs it; its writable layer and its log live until `delete`; between, it
 * may run any number of times. A container outlives its caller, the engine and the agent: after a reconnect, `list`
 * has the truth, and `events` after the listing's `asOfSeq` has all that came later.
 *
 * Invariants.
 * - Every run has exactly one `started` and one `exited` event, in this order. `RunResult.startedAt`, the listing's
 *   `startedAt` and the `started` event's `at` are the same instant for the same run: they identify it.
 * - Repeating a call that has already happened is harmless: `run` of a running container answers with the running
 *   one, `delete` of an unknown one succeeds.
 * - A cancelled call (its signal aborted) fails with `cancelled`; what it had begun may or may not have happened,
 *   and the events tell which.
 * - Output is never dropped: a reader that does not read holds the process back, and the runtime's memory stays flat.
 *
 * Failures are EngineErrors with step, errno and path. A command that cannot be executed carries the exit code of a
 * shell (126, 127) in `detail.exitCode`. When the runtime cannot be asked at all: `unavailable`, with a hint.
 */
export interface Runtime {
  /** Answers when exec has succeeded; fails with the exact step. */
  run(request: RunRequest, options?: CallOptions): Promise<RunResult>;
  /** To the container's init, by number. Fails `not-found`, or `failed-precondition` when it does not run. */
  signal(id: string, signal: number, options?: CallOptions): Promise<void>;
  /** To one of its execs. Fails `not-found` when that has ended. */
  signalExec(id: string, execId: string, signal: number, options?: CallOptions): Promise<void>;
  /**
   * Freezes all its processes: signals wait, `exec` is refused. Paused already: a success. Answered after the `paused`
   * event is in the journal. Fails `failed-precondition` when it does not run.
   */
  pause(id: string, options?: CallOptions): Promise<void>;
  /** Ends a pause, as `pause` begins it. */
  resume(id: string, options?: CallOptions): Promise<void>;
  /**
   * Other limits for a running container, all of them or none. What is not named stays; -1 lifts a limit. Fails
   * `failed-precondition` when it does not run.
   */
  update(id: string, resources: OciResources, options?: CallOptions): Promise<void>;
  /** Of a running container. */
  processes(id: string, options?: CallOptions): Promise<ContainerProcesses>;
  /** What containers use: a batch at once, then one per interval. */
  stats(query: StatsQuery, options?: CallOptions): AsyncIterable<RuntimeStatsBatch>;
  /** Forgets the container and frees its id; one that runs is killed with `force`, otherwise refused (`failed-precondition`). */
  delete(id: string, force: boolean, options?: CallOptions): Promise<void>;
  /**
   * A further process in a running container. First output `ready`, last `exited`. The end of the input closes the
   * process's stdin; leaving the output leaves the process running (one with a terminal gets SIGHUP).
   */
  exec(
    request: ExecRequest,
    input: AsyncIterable<ProcessInput>,
    options?: CallOptions,
  ): AsyncIterable<ProcessOutput>;
  /** Joins the standard streams of the container's init. First output `ready` (pid null), last `exited`. */
  attach(
    request: AttachRequest,
    input: AsyncIterable<ProcessInput>,
    options?: CallOptions,
  ): AsyncIterable<ProcessOutput>;
  resize(request: ResizeRequest, options?: CallOptions): Promise<void>;
  /** Oldest first, across rotated files. With `follow`: until the container has exited and all is read. */
  logs(query: LogQuery, options?: CallOptions): AsyncIterable<LogBatch>;
  /** From a live probe. */
  list(options?: CallOptions): Promise<RuntimeListing>;
  /** All after `afterSeq`, without end; fails `unavailable` when the runtime goes away. */
  events(afterSeq: number, options?: CallOptions): AsyncIterable<RuntimeEvent>;
  /** Resolves when the runtime can be asked, however long that takes; rejects only by the signal. */
  reachable(signal: AbortSignal): Promise<void>;
}
