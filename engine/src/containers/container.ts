import type { AssignedAddress, RuntimeContainer } from '../runtime/index.ts';
import type {
  ContainerExit,
  ContainerState,
  ContainerStatus,
  CrashLoop,
  Health,
  PublishedPort,
  StartFailure,
} from '../types/index.ts';
import { Changes } from './changes.ts';
import type { ContainerRecord } from './record.ts';

/** What an operation under way shows as; null: none is. */
export type Operation = Extract<ContainerStatus, 'starting' | 'stopping' | 'restarting' | 'removing'>;

/** One run of the container's command. `startedAt` identifies it. */
interface Run {
  readonly startedAt: string;
  readonly pid: number;
  readonly addresses: readonly AssignedAddress[];
  readonly ports: readonly PublishedPort[];
  /** Null while it runs. */
  readonly exit: ContainerExit | null;
  readonly paused: boolean;
}

/** What the restart policy is about to do, and has seen. */
export interface Recovery {
  /** Null: no start is due. */
  readonly nextRetryAt: string | null;
  /** Runs in a row that ended soon after their start. */
  readonly quickExits: number;
}

/** From so many quick exits on it is a crash loop. */
const CRASH_LOOP_EXITS = 3;

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
  private recovery: Recovery = { nextRetryAt: null, quickExits: 0 };
  private currentHealth: Health | null = null;
  private readonly changes = new Changes();
  private changeCount = 0;

  constructor(record: ContainerRecord) {
    this.current = record;
    this.run = record.lastRun && { ...record.lastRun, pid: 0, addresses: [], ports: [], paused: false };
  }

  /** Another one after each change: who has seen this one has seen the container as it is. */
  get revision(): number {
    return this.changeCount;
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

  get paused(): boolean {
    return this.running && this.run?.paused === true;
  }

  /** It has ended, and its restart policy is about to start it again. */
  get awaitsRetry(): boolean {
    return !this.running && this.recovery.nextRetryAt !== null;
  }

  get quickExits(): number {
    return this.recovery.quickExits;
  }

  get health(): Health | null {
    return this.currentHealth;
  }

  /** It is on its way down or away. */
  get isLeaving(): boolean {
    return this.gone || (this.operation !== null && this.operation !== 'starting');
  }

  /** Of the last run; null while it runs, and before the first. */
  get exit(): ContainerExit | null {
    return this.run?.exit ?? null;
  }

  get startedAt(): string | null {
    return this.run?.startedAt ?? null;
  }

  /** While it runs. */
  get addresses(): readonly AssignedAddress[] {
    return this.running ? (this.run?.addresses ?? []) : [];
  }

  /** While it runs: what leads to it. */
  get ports(): readonly PublishedPort[] {
    return this.running ? (this.run?.ports ?? []) : [];
  }

  get removed(): boolean {
    return this.gone;
  }

  get status(): ContainerStatus {
    if (this.operation !== null) return this.operation;
    if (this.awaitsRetry) return 'restarting';
    if (this.run === null) return 'created';
    if (this.run.exit !== null) return 'exited';
    return this.run.paused ? 'paused' : 'running';
  }

  get state(): ContainerState {
    return {
      status: this.status,
      pid: this.running ? (this.run?.pid ?? null) : null,
      startedAt: this.startedAt,
      exit: this.exit,
      failure: this.current.failure,
      restartCount: this.current.restartCount,
      nextRetryAt: this.awaitsRetry ? this.recovery.nextRetryAt : null,
      crashLooping: this.crashLooping,
      health: this.currentHealth,
    };
  }

  /** What the record says now; the caller has stored it or is about to. */
  setRecord(record: ContainerRecord): void {
    this.current = record;
    this.changed();
  }

  setRecovery(recovery: Recovery): void {
    this.recovery = recovery;
    this.changed();
  }

  setHealth(health: Health | null): void {
    this.currentHealth = health;
    this.changed();
  }

  /** True when it was the other way and this is of the present run. */
  setPaused(paused: boolean): boolean {
    const { run } = this;
    if (run?.exit !== null || run.paused === paused) return false;
    this.run = { ...run, paused };
    this.changed();
    return true;
  }

  /** It was connected or disconnected while it runs. */
  setPlaces(addresses: readonly AssignedAddress[], ports: readonly PublishedPort[]): void {
    if (this.run?.exit !== null) return;
    this.run = { ...this.run, addresses, ports };
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
    readonly addresses?: readonly AssignedAddress[];
    readonly ports?: readonly PublishedPort[];
  }): boolean {
    const known = this.run;
    if (known !== null && run.startedAt < known.startedAt) return false;
    const isNew = known?.startedAt !== run.startedAt;
    this.run = {
      startedAt: run.startedAt,
      pid: run.pid,
      addresses: run.addresses ?? (isNew ? [] : known.addresses),
      ports: run.ports ?? (isNew ? [] : known.ports),
      exit: isNew ? null : known.exit,
      paused: !isNew && known.paused,
    };
    if (isNew) this.current = { ...this.current, failure: null };
    this.changed();
    return isNew;
  }

  /** True when the present run had not ended yet and this is its end. */
  exited(exit: ContainerExit): boolean {
    const { run } = this;
    if (run?.exit !== null || exit.at < run.startedAt) return false;
    this.run = { ...run, exit, paused: false };
    this.current = { ...this.current, lastRun: { startedAt: run.startedAt, exit } };
    this.changed();
    return true;
  }

  /** Takes over what a listing says. True when it tells of an end that was not known. */
  reconcile(seen: RuntimeContainer): boolean {
    this.started(seen);
    if (this.startedAt === seen.startedAt) this.setPaused(seen.paused);
    return seen.exit !== null && this.startedAt === seen.startedAt && this.exited(seen.exit);
  }

  markRemoved(): void {
    this.gone = true;
    this.changed();
  }

  /** Resolves with the first value other than undefined that `pick` gives, now or after a change. */
  until<T>(pick: () => T | undefined, signal?: AbortSignal): Promise<T> {
    return this.changes.until(pick, signal);
  }

  watch(look: () => void): Disposable {
    return this.changes.watch(look);
  }

  private get crashLooping(): CrashLoop | null {
    const { quickExits, nextRetryAt } = this.recovery;
    if (quickExits < CRASH_LOOP_EXITS || (!this.running && nextRetryAt === null)) return null;
    return { sinceExitCount: quickExits, nextRetryAt: this.running ? null : nextRetryAt };
  }

  private changed(): void {
    this.changeCount++;
    this.changes.notify();
  }
}
