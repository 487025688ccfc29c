import { EngineError, toEngineError } from '../../errors/index.ts';
import { Slots } from '../../slots.ts';
import type { Container } from '../container.ts';
import type { Parts } from '../parts.ts';
import { persistLater } from '../persist.ts';
import { peerOf } from '../spec/namespaces.ts';
import { LONG_RUN_MS, nextBackOff, restartsAfter, startsWithEngine } from './restart-policy.ts';

/** Starts at once when the engine comes up: enough to keep the machine busy, and no more. */
const STARTS_AT_ONCE = 16;

/** What is remembered of a container as long as the engine lives. */
interface Memory {
  /** Somebody ended it: its policy is silent until the next start. */
  held: boolean;
  backOffMs: number | null;
  /** Aborted to take the due start back. */
  due: AbortController | null;
  /** Of the start that is due. */
  started: Promise<void>;
}

/** When a start that is due may begin. */
type Turn = (start: () => Promise<void>, signal: AbortSignal) => Promise<void>;

const atOnce: Turn = (start) => start();

/**
 * The restart policies. A container that ended by itself is started again after a back-off; whoever stops, kills or
 * removes it takes that back at once. Nothing is held while it waits: no lock, and no timer but the one of the back-off.
 */
export class Restarts implements Disposable {
  private readonly parts: Parts;
  private readonly start: (container: Container, signal: AbortSignal) => Promise<void>;
  private readonly memories = new WeakMap<Container, Memory>();
  private readonly due = new Set<AbortController>();
  private readonly slots = new Slots(STARTS_AT_ONCE);
  private readonly closing = new AbortController();

  /** `start` is called with the container's mutex held; a failure that it keeps beside the container ends the retries. */
  constructor(parts: Parts, start: (container: Container, signal: AbortSignal) => Promise<void>) {
    this.parts = parts;
    this.start = start;
  }

  /** Somebody ends it, or takes it away: no start that is due happens, and none becomes due until `release`. */
  hold(container: Container): void {
    this.memory(container).held = true;
    this.takeBack(container);
  }

  /** Somebody starts it: everything begins anew. */
  release(container: Container): void {
    this.takeBack(container);
    const memory = this.memory(container);
    memory.held = false;
    memory.backOffMs = null;
    container.setRecovery({ nextRetryAt: null, quickExits: 0 });
    const { record } = container;
    if (record.restartCount === 0 && !record.stoppedByHand) return;
    container.setRecord({ ...record, restartCount: 0, stoppedByHand: false });
    persistLater(this.parts, container);
  }

  /** Its run has ended. The record then counts the restart; storing it is up to the caller. */
  afterExit(container: Container): void {
    const { exit, startedAt, record } = container;
    const memory = this.memory(container);
    if (exit === null || startedAt === null || memory.held || this.closing.signal.aborted) return;
    const end = { exitCode: exit.code, restartCount: record.restartCount };
    if (!restartsAfter(record.spec.restart, end)) {
      container.setRecovery({ nextRetryAt: null, quickExits: 0 });
      return;
    }
    const ranMs = Date.parse(exit.at) - Date.parse(startedAt);
    memory.backOffMs = nextBackOff(memory.backOffMs, ranMs);
    container.setRecord({ ...record, restartCount: record.restartCount + 1 });
    const quickExits = ranMs >= LONG_RUN_MS ? 0 : container.quickExits + 1;
    this.schedule(container, memory.backOffMs, quickExits);
  }

  /** The engine has come up and knows what runs: what should run and does not is started, oldest first. */
  startWithEngine(): void {
    const byAge = [...this.parts.table.all()].sort((a, b) =>
      a.record.createdAt < b.record.createdAt ? -1 : 1,
    );
    for (const container of byAge) {
      const { record, exit } = container;
      if (container.running || container.awaitsRetry || record.removing || exit === null) continue;
      const end = { exitCode: exit.code, restartCount: record.restartCount };
      if (!startsWithEngine(record.spec.restart, end, record.stoppedByHand)) continue;
      this.release(container);
      this.schedule(container, 0, 0, (start, signal) => this.slots.run(start, signal));
    }
  }

  /** Another policy counts from now on. */
  policyChanged(container: Container): void {
    if (container.record.spec.restart.name === 'no') this.takeBack(container);
  }

  [Symbol.dispose](): void {
    this.closing.abort(new EngineError('cancelled', 'The engine is closing.'));
    for (const due of this.due) due.abort();
  }

  private schedule(container: Container, delayMs: number, quickExits: number, turn: Turn = atOnce): void {
    const memory = this.memory(container);
    const due = new AbortController();
    memory.due = due;
    this.due.add(due);
    const at = new Date(this.parts.clock.now().getTime() + delayMs);
    container.setRecovery({ nextRetryAt: at.toISOString(), quickExits });
    memory.started = this.startLater(container, delayMs, due, turn);
    this.parts.background.add(`Container ${container.name} could not be started again.`, memory.started);
  }

  private async startLater(
    container: Container,
    delayMs: number,
    due: AbortController,
    turn: Turn,
  ): Promise<void> {
    try {
      if (delayMs > 0) await this.parts.clock.sleep(delayMs, due.signal);
      await this.peersStarted(container);
      await turn(() => this.startIfDue(container, due), due.signal);
    } catch (thrown) {
      if (!due.signal.aborted) this.giveUpOrGoOn(container, toEngineError(thrown));
    } finally {
      this.due.delete(due);
    }
  }

  /** Once it has begun, a start is not cut off: a stop that comes meanwhile ends what it has started. */
  private async startIfDue(container: Container, due: AbortController): Promise<void> {
    const start = async (): Promise<void> => {
      if (container.removed || container.running || due.signal.aborted) return;
      await this.start(container, this.closing.signal);
      this.memory(container).due = null;
      container.setRecovery({ nextRetryAt: null, quickExits: container.quickExits });
      if (container.quickExits > 0) void this.calmAfterLongRun(container);
    };
    await this.parts.mutex.run(container.id, start, due.signal);
  }

  /** Docker's rule: a start that fails ends the retries. A runtime that is away has refused nothing. */
  private giveUpOrGoOn(container: Container, error: EngineError): void {
    if (this.closing.signal.aborted) return;
    const memory = this.memory(container);
    if (error.code === 'unavailable') {
      memory.backOffMs = nextBackOff(memory.backOffMs, 0);
      this.schedule(container, memory.backOffMs, container.quickExits);
      return;
    }
    memory.due = null;
    container.setRecovery({ nextRetryAt: null, quickExits: 0 });
  }

  private takeBack(container: Container): void {
    const memory = this.memory(container);
    if (memory.due === null) return;
    memory.due.abort();
    memory.due = null;
    container.setRecovery({ nextRetryAt: null, quickExits: 0 });
  }

  /** A container in another's namespaces comes after it. */
  private async peersStarted(container: Container): Promise<void> {
    // What becomes due in the same moment is all known a step later.
    await Promise.resolve();
    const { network, pid, ipc } = container.record.spec;
    const ids = [network, pid, ipc].flatMap((mode) => peerOf(mode) ?? []);
    const peers = ids.flatMap((id) => this.parts.table.get(id) ?? []);
    await Promise.all(peers.map((peer) => this.memory(peer).started));
  }

  /** A crash loop is over once a run has lasted. */
  private async calmAfterLongRun(container: Container): Promise<void> {
    const calm = new AbortController();
    this.due.add(calm);
    using _ = container.watch(() => {
      if (!container.running) calm.abort();
    });
    try {
      await this.parts.clock.sleep(LONG_RUN_MS, calm.signal);
      container.setRecovery({ nextRetryAt: null, quickExits: 0 });
    } catch {
      // It ended sooner, or the engine closes.
    } finally {
      this.due.delete(calm);
    }
  }

  private memory(container: Container): Memory {
    const known = this.memories.get(container);
    if (known !== undefined) return known;
    const memory: Memory = { held: false, backOffMs: null, due: null, started: Promise.resolve() };
    this.memories.set(container, memory);
    return memory;
  }
}
