import type { Task } from '../types/index.ts';

/** One thing under way, as its worker sees it. Exactly one of `done` and `fail` is called, once. */
export interface TaskHandle {
  /** Fires when a person cancels the task, or the engine ends. */
  readonly signal: AbortSignal;
  /** 0 to 1; null when not known. Cheap: may be called at any rate. */
  progress(fraction: number | null): void;
  done(): void;
  /** `cancelled` errors end the task as cancelled, all others as failed. */
  fail(error: unknown): void;
}

/** Where long operations are entered so that every window can see and cancel them: fulfilled by system/. */
export interface Tasks {
  begin(kind: Task['kind'], subject: string): TaskHandle;
}
