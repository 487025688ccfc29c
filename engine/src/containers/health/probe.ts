import { randomBytes } from 'node:crypto';
import { beforeAbort } from '../../before-abort.ts';
import { EngineError, type ErrorCode, toEngineError } from '../../errors/index.ts';
import type { ExecRequest } from '../../runtime/index.ts';
import type { Slots } from '../../slots.ts';
import type { Healthcheck, HealthProbe, ProcessInput } from '../../types/index.ts';
import type { Container } from '../container.ts';
import type { Parts } from '../parts.ts';
import { OutputHead } from './output-head.ts';

/** Docker's: so much of the output is kept. */
const OUTPUT_BYTES = 4096;
const NO_RESULT = -1;
const SIGKILL = 9;

/** A start that takes longer than this no longer keeps other probes from starting. */
const START_PATIENCE_MS = 1000;

export interface ProbeContext {
  readonly parts: Parts;
  /** So many probes start at once. */
  readonly starts: Slots;
  /** Ids of the probes' processes that the runtime has not reported ended yet. */
  readonly execIds: Set<string>;
}

/**
 * Runs the check once. One that takes too long is killed. Null when nothing can be said: the runtime is away, or the
 * container has been paused or has ended. Fails `cancelled` with the signal, and kills it then as well.
 */
export async function probe(
  context: ProbeContext,
  container: Container,
  check: Healthcheck,
  signal: AbortSignal,
): Promise<HealthProbe | null> {
  const { clock } = context.parts;
  const run = new ProbeRun(context, container, check);
  const startedAt = clock.now().toISOString();
  const timer = new AbortController();
  try {
    await context.starts.run(() => run.begin(), signal);
    const timeout = clock.sleep(check.timeoutMs, timer.signal).then(() => tooLong(check, run.output));
    timeout.catch(() => undefined);
    const result = await beforeAbort(Promise.race([run.result, timeout]), signal);
    return result && { ...result, startedAt, endedAt: clock.now().toISOString() };
  } finally {
    timer.abort();
    run.leave();
  }
}

type Result = Pick<HealthProbe, 'exitCode' | 'output'>;

/** The process of one probe. */
class ProbeRun {
  readonly output = new OutputHead(OUTPUT_BYTES);
  /** Settles with the process; never rejects. */
  result: Promise<Result | null> = Promise.resolve(null);
  private readonly context: ProbeContext;
  private readonly request: ExecRequest;
  private readonly left = new AbortController();
  private isRunning = false;
  private isUnwanted = false;

  constructor(context: ProbeContext, container: Container, check: Healthcheck) {
    this.context = context;
    this.request = requestOf(container, check);
  }

  /** Resolves when it runs, has failed, or takes its time. */
  async begin(): Promise<void> {
    const begun = new Promise<void>((onBegun) => {
      this.result = this.run(onBegun).catch(resultOfFailure).finally(onBegun);
    });
    const patience = new AbortController();
    const waited = this.context.parts.clock.sleep(START_PATIENCE_MS, patience.signal).catch(() => undefined);
    await Promise.race([begun, waited]);
    patience.abort();
  }

  /** Nobody waits for it any more: if it runs, or begins to, it is killed. */
  leave(): void {
    this.isUnwanted = true;
    if (this.isRunning) void this.kill();
  }

  private async kill(): Promise<void> {
    const { containerId, execId } = this.request;
    try {
      await this.context.parts.runtime.signalExec(containerId, execId, SIGKILL);
    } catch {
      // It has ended by itself in this moment, or the runtime is away and with it our hand on the process.
    } finally {
      this.left.abort(new EngineError('cancelled', 'The health check is over.'));
    }
  }

  private async run(onBegun: () => void): Promise<Result> {
    const { parts, execIds } = this.context;
    const { execId } = this.request;
    execIds.add(execId);
    try {
      for await (const output of parts.runtime.exec(this.request, noInput(), { signal: this.left.signal })) {
        if (output.kind === 'ready') {
          this.isRunning = true;
          onBegun();
          if (this.isUnwanted) void this.kill();
        } else if (output.kind === 'exited') {
          this.isRunning = false;
          return { exitCode: output.code, output: this.output.text() };
        } else {
          this.output.add(output.data);
        }
      }
    } finally {
      if (!this.isRunning) execIds.delete(execId);
    }
    throw new EngineError('unavailable', 'The runtime ended a health check without a word.');
  }
}

function requestOf({ id, record }: Container, { command }: Healthcheck): ExecRequest {
  return {
    containerId: id,
    execId: randomBytes(32).toString('hex'),
    args: command,
    env: [],
    workingDir: '',
    user: '',
    groups: record.spec.groups,
    terminal: false,
    size: null,
    openStdin: false,
    detach: false,
    privileged: false,
  };
}

/** These say nothing about the container's health. */
const SAYS_NOTHING: ReadonlySet<ErrorCode> = new Set([
  'unavailable',
  'failed-precondition',
  'not-found',
  'cancelled',
]);

/** A check that cannot be run has failed; a runtime or a container that is away says nothing about it. */
function resultOfFailure(thrown: unknown): Result | null {
  const { code, message } = toEngineError(thrown);
  return SAYS_NOTHING.has(code) ? null : { exitCode: NO_RESULT, output: message };
}

function tooLong({ timeoutMs }: Healthcheck, output: OutputHead): Result {
  const text = output.text();
  return {
    exitCode: NO_RESULT,
    output: `It took longer than ${timeoutMs / 1000} s.${text === '' ? '' : `\n${text}`}`.slice(
      0,
      OUTPUT_BYTES,
    ),
  };
}

async function* noInput(): AsyncIterable<ProcessInput> {
  // Its stdin is /dev/null.
}
