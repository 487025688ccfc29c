import { randomUUID } from 'node:crypto';
import { EngineError, toEngineError, toWire } from '../errors/index.ts';
import type { Task } from '../types/index.ts';

/** Ended tasks that are remembered until the person clears them. */
const MAX_ENDED = 100;
/** Progress below this is not worth an event. */
const FRACTION_STEP = 0.01;

export interface TaskContext {
  readonly id: string;
  /** Aborted by `cancel`, and when the engine closes. */
  readonly signal: AbortSignal;
  /** 0 to 1, or null when not known. */
  report(fraction: number | null): void;
}

interface Entry {
  task: Task;
  readonly abort: AbortController;
  /** Resolves when the work has ended, however it did. */
  ended: Promise<void>;
}

/**
 * What is under way in the engine and may be watched or cancelled by anyone, whoever began it: a window that
 * reloads finds its pulls again. A task is `running` exactly as long as its work is.
 */
export class Tasks implements AsyncDisposable {
  private readonly entries = new Map<string, Entry>();
  private readonly onUpdate: (taskId: string) => void;
  private closed = false;

  constructor(onUpdate: (taskId: string) => void) {
    this.onUpdate = onUpdate;
  }

  /** Does the work as a task; resolves and rejects as the work does. */
  run<T>(kind: Task['kind'], subject: string, work: (context: TaskContext) => Promise<T>): Promise<T> {
    if (this.closed) return Promise.reject(new EngineError('cancelled', 'The engine is closing.'));
    const abort = new AbortController();
    const task = newTask(kind, subject);
    const entry: Entry = { task, abort, ended: Promise.resolve() };
    this.entries.set(task.id, entry);
    this.onUpdate(task.id);
    const report = (fraction: number | null): void => this.report(task.id, fraction);
    const result = begin(() => work({ id: task.id, signal: abort.signal, report }));
    entry.ended = result.then(
      () => this.end(task.id, { status: 'done', fraction: 1 }),
      (thrown: unknown) => this.end(task.id, failureOf(thrown)),
    );
    return result;
  }

  /** Oldest first. */
  list(): readonly Task[] {
    return [...this.entries.values()].map(({ task }) => task);
  }

  /** Asks the work to stop and answers when it has. */
  async cancel(id: string): Promise<Task> {
    const entry = this.entries.get(id);
    if (entry === undefined) throw new EngineError('not-found', `No such task: ${id}`);
    entry.abort.abort(new EngineError('cancelled', `The task for ${entry.task.subject} was cancelled.`));
    await entry.ended;
    return entry.task;
  }

  clearEnded(): readonly Task[] {
    for (const { task } of [...this.entries.values()]) {
      if (task.status !== 'running') this.entries.delete(task.id);
    }
    return this.list();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed = true;
    const running = [...this.entries.values()].filter(({ task }) => task.status === 'running');
    for (const { abort } of running) abort.abort(engineIsClosing());
    await Promise.all(running.map(({ ended }) => ended));
  }

  private report(id: string, fraction: number | null): void {
    const entry = this.entries.get(id);
    if (entry?.task.status !== 'running') return;
    const before = entry.task.fraction;
    const small = before !== null && fraction !== null && Math.abs(fraction - before) < FRACTION_STEP;
    if (small || before === fraction) return;
    entry.task = { ...entry.task, fraction };
    this.onUpdate(id);
  }

  private end(id: string, end: Pick<Task, 'status'> & Partial<Task>): void {
    const entry = this.entries.get(id);
    if (entry === undefined) return;
    entry.task = { ...entry.task, ...end, endedAt: new Date().toISOString() };
    this.forgetOldest();
    this.onUpdate(id);
  }

  private forgetOldest(): void {
    const ended = [...this.entries.values()].filter(({ task }) => task.status !== 'running');
    for (const { task } of ended.slice(0, Math.max(0, ended.length - MAX_ENDED)))
      this.entries.delete(task.id);
  }
}

/** By its step a worker tells it from a person's wish. */
function engineIsClosing(): EngineError {
  return new EngineError('cancelled', 'The engine is closing.', { detail: { step: 'closing' } });
}

function newTask(kind: Task['kind'], subject: string): Task {
  return {
    id: randomUUID(),
    kind,
    subject,
    startedAt: new Date().toISOString(),
    endedAt: null,
    status: 'running',
    fraction: null,
    error: null,
  };
}

/** Work that throws at once rejects like any other. */
async function begin<T>(work: () => Promise<T>): Promise<T> {
  return work();
}

function failureOf(thrown: unknown): Pick<Task, 'status'> & Partial<Task> {
  const error = toEngineError(thrown);
  return error.code === 'cancelled' ? { status: 'cancelled' } : { status: 'failed', error: toWire(error) };
}
