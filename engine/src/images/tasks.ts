import type { Task } from '../types/index.ts';

/** One thing under way, as its worker sees it. */
export interface TaskContext {
  /** Of the task. */
  readonly id: string;
  /** Fires when a person cancels the task, or the engine ends. */
  readonly signal: AbortSignal;
  /** 0 to 1; null when not known. Cheap: may be called at any rate. */
  report(fraction: number | null): void;
}

/** Where long operations are entered so that every window can see and cancel them: fulfilled by system/. */
export interface Tasks {
  /** Does the work as a task; resolves and rejects as the work does. */
  run<T>(kind: Task['kind'], subject: string, work: (context: TaskContext) => Promise<T>): Promise<T>;
}
