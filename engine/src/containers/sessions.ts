import { randomBytes } from 'node:crypto';
import { EngineError } from '../errors/index.ts';
import type { ExecRequest } from '../runtime/index.ts';
import type {
  ContainerProcesses,
  LogBatch,
  ProcessInput,
  ProcessOutput,
  TerminalSize,
} from '../types/index.ts';
import type { Container } from './container.ts';
import { publishContainer } from './container-events.ts';
import type { InputOf } from './handler-input.ts';
import type { Parts } from './parts.ts';
import { notRunning, pausedAlready } from './refusals.ts';

/** A person's look and hand into a container: its log, its streams, further processes in it. */
export class Sessions {
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Of a container that has not run yet: nothing, or with `follow` what its first run will write. */
  async *logs(container: Container, input: InputOf<'logs'>, signal: AbortSignal): AsyncIterable<LogBatch> {
    const query = {
      id: container.id,
      follow: input.follow,
      tail: input.tail ?? null,
      since: checkedTime(input.since),
      until: checkedTime(input.until),
      stdout: input.stdout,
      stderr: input.stderr,
    };
    if (container.startedAt === null) {
      if (!input.follow) return;
      const begun = await container.until(
        () => container.startedAt ?? (container.removed ? '' : undefined),
        signal,
      );
      if (begun === '') return;
    }
    yield* this.parts.runtime.logs(query, { signal });
  }

  async *attach(
    container: Container,
    input: InputOf<'attach'>,
    up: AsyncIterable<ProcessInput>,
    signal: AbortSignal,
  ): AsyncIterable<ProcessOutput> {
    if (!container.running && !input.beforeStart) throw notRunning(container);
    if (container.paused) throw pausedAlready(container, 'Unpause it before attaching.');
    const request = {
      containerId: container.id,
      stdin: input.stdin && container.record.spec.openStdin,
      stdout: input.stdout,
      stderr: input.stderr,
      beforeStart: input.beforeStart,
    };
    const { events, runtime } = this.parts;
    publishContainer(events, 'attach', container);
    let hasExited = false;
    try {
      for await (const output of runtime.attach(request, this.telling(container, up), { signal })) {
        hasExited = output.kind === 'exited';
        yield output;
      }
    } finally {
      if (!hasExited && container.exit === null) publishContainer(events, 'detach', container);
    }
  }

  /** As `top` sees them. */
  async processes(container: Container, signal: AbortSignal): Promise<ContainerProcesses> {
    if (!container.running) throw notRunning(container);
    const processes = await this.parts.runtime.processes(container.id, { signal });
    publishContainer(this.parts.events, 'top', container);
    return processes;
  }

  async *exec(
    container: Container,
    input: InputOf<'exec'>,
    up: AsyncIterable<ProcessInput>,
    signal: AbortSignal,
  ): AsyncIterable<ProcessOutput> {
    if (!container.running) throw notRunning(container);
    if (container.paused) throw pausedAlready(container, 'Unpause it before running a command in it.');
    const execId = input.id ?? randomBytes(32).toString('hex');
    const attributes = { execID: execId, command: input.command.join(' ') };
    const request = execRequest(container, execId, input);
    const { events, runtime } = this.parts;
    publishContainer(events, 'exec_create', container, { attributes });
    // Before it starts, as Docker: how a short one ended may be heard of before that it began.
    publishContainer(events, 'exec_start', container, { attributes });
    let isOpen = false;
    try {
      for await (const output of runtime.exec(request, up, { signal })) {
        isOpen = output.kind !== 'exited' && !input.detach;
        yield output;
      }
    } finally {
      if (isOpen && container.exit === null)
        publishContainer(events, 'exec_detach', container, { attributes });
    }
  }

  private async *telling(container: Container, up: AsyncIterable<ProcessInput>): AsyncIterable<ProcessInput> {
    for await (const input of up) {
      if (input.kind === 'resize') this.publishResize(container, input.size);
      yield input;
    }
  }

  async resize(
    container: Container,
    size: TerminalSize,
    signal: AbortSignal,
  ): Promise<{ readonly id: string }> {
    if (!container.running) throw notRunning(container);
    await this.parts.runtime.resize({ containerId: container.id, execId: null, size }, { signal });
    this.publishResize(container, size);
    return { id: container.id };
  }

  private publishResize(container: Container, { columns, rows }: TerminalSize): void {
    const attributes = { width: String(columns), height: String(rows) };
    publishContainer(this.parts.events, 'resize', container, { attributes });
  }
}

function execRequest(container: Container, execId: string, input: InputOf<'exec'>): ExecRequest {
  const hasTerm = [...container.record.spec.env, ...input.env].some((entry) => entry.startsWith('TERM='));
  return {
    containerId: container.id,
    execId,
    args: input.command,
    env: input.tty && !hasTerm ? ['TERM=xterm', ...input.env] : input.env,
    workingDir: input.workingDir ?? '',
    user: input.user ?? '',
    groups: container.record.spec.groups,
    terminal: input.tty,
    size: input.size ?? null,
    openStdin: input.openStdin,
    detach: input.detach,
    privileged: input.privileged,
  };
}

function checkedTime(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!Number.isNaN(Date.parse(text))) return text;
  throw new EngineError('invalid-argument', `"${text}" is not a time.`, {
    hint: 'Times are written as in ISO 8601: 2026-01-31T12:00:00Z.',
  });
}
