import { toEngineError } from '../errors/index.ts';
import type { RuntimeContainer } from '../runtime/index.ts';
import type {
  ContainerAddress,
  ContainerExit,
  ContainerState,
  ContainerStatus,
  StartFailure,
} from '../types/index.ts';
import type { ContainerRecord } from './record.ts';

/** What an operation under way shows as; null: none is. */
export type Operation = Extract<ContainerStatus, 'starting' | 'stopping' | 'restarting' | 'removing'>;

/** One run of the container's command. `startedAt` identifies it. */
interface Run {
  readonly startedAt: string;
  readonly pid: number;
  readonly addresses: readonly ContainerAddress[];
  /** Null while it runs. */
  readonly exit: ContainerExit | null;
}

/**
 * One container as the engine knows it now: its record, its last run as the runtime tells it, and the operation
 * that is under way. News may come twice and from two sides (an answer, an event, a listing); only what is new
 * changes anything, and the methods that take news say whether it was.
 */
export class Container {
  private current: ContainerRecord;
  private run: Run | null;
  private operation: Operation | null = null;
  private gone = false;
  private readonly watchers = new Set<() => void>();

  constructor(record: ContainerRecord) {
    this.current = record;
    this.run = record.lastRun && { ...record.lastRun, pid: 0, addresses: [] };
  }

  get id(): string {
    return this.current.id;
  }

  get name(): string {
    return this.current.name;
  }

  get record(): ContainerRecord {
    return this.current;
  }

  get running(): boolean {
    return this.run !== null && this.run.exit === null;
  }

  /** Of the last run; null while it runs, and before the first. */
  get exit(): ContainerExit | null {
    return this.run?.exit ?? null;
  }

  get startedAt(): string | null {
    return this.run?.startedAt ?? null;
  }

  get addresses(): readonly ContainerAddress[] {
    return this.run?.addresses ?? [];
  }

  get removed(): boolean {
    return this.gone;
  }

  get state(): ContainerState {
    return {
      status: this.status,
      pid: this.running ? (this.run?.pid ?? null) : null,
      startedAt: this.startedAt,
      exit: this.exit,
      failure: this.current.failure,
    };
  }

  /** What the record says now; the caller has stored it or is about to. */
  setRecord(record: ContainerRecord): void {
    this.current = record;
    this.changed();
  }

  setFailure(failure: StartFailure | null): void {
    this.setRecord({ ...this.current, failure });
  }

  /** Shows the operation for exactly as long as the work takes. */
  async during<T>(operation: Operation, work: () => Promise<T>): Promise<T> {
    const before = this.operation;
    this.operation = operation;
    this.changed();
    try {
      return await work();
    } finally {
      this.operation = before;
      this.changed();
    }
  }

  /** True when this run was not known yet. */
  started(run: {
    readonly startedAt: string;
    readonly pid: number;
    readonly addresses?: readonly ContainerAddress[];
  }): boolean {
    const known = this.run;
    if (known !== null && run.startedAt < known.startedAt) return false;
    const isNew = known?.startedAt !== run.startedAt;
    this.run = {
      startedAt: run.startedAt,
      pid: run.pid,
      addresses: run.addresses ?? (isNew ? [] : known.addresses),
      exit: isNew ? null : known.exit,
    };
    if (isNew) this.current = { ...this.current, failure: null };
    this.changed();
    return isNew;
  }

  /** True when the present run had not ended yet and this is its end. */
  exited(exit: ContainerExit): boolean {
    const { run } = this;
    if (run?.exit !== null || exit.at < run.startedAt) return false;
    this.run = { ...run, exit };
    this.current = { ...this.current, lastRun: { startedAt: run.startedAt, exit } };
    this.changed();
    return true;
  }

  /** Takes over what a listing says. True when it tells of an end that was not known. */
  reconcile(seen: RuntimeContainer): boolean {
    this.started(seen);
    return seen.exit !== null && this.startedAt === seen.startedAt && this.exited(seen.exit);
  }

  markRemoved(): void {
    this.gone = true;
    this.changed();
  }

  /**
   * Resolves with the first value other than undefined that `pick` gives, now or after a change. `pick` may throw
   * to reject.
   */
  until<T>(pick: () => T | undefined, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        try {
          const value = pick();
          if (value === undefined) return;
          leave();
          resolve(value);
        } catch (thrown) {
          leave();
          reject(toEngineError(thrown));
        }
      };
      const onAbort = (): void => {
        leave();
        reject(toEngineError(signal?.reason));
      };
      const leave = (): void => {
        this.watchers.delete(look);
        signal?.removeEventListener('abort', onAbort);
      };
      if (signal?.aborted === true) {
        onAbort();
        return;
      }
      signal?.addEventListener('abort', onAbort, { once: true });
      this.watchers.add(look);
      look();
    });
  }

  private get status(): ContainerStatus {
    if (this.operation !== null) return this.operation;
    if (this.run === null) return 'created';
    return this.run.exit === null ? 'running' : 'exited';
  }

  private changed(): void {
    for (const look of [...this.watchers]) look();
  }
}
