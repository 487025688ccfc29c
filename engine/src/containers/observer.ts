import { isEngineError, toEngineError } from '../errors/index.ts';
import type { RuntimeContainer, RuntimeEvent } from '../runtime/index.ts';
import type { Container } from './container.ts';
import { publishContainer, publishDie } from './container-events.ts';
import type { HealthChecks } from './health/index.ts';
import { publishLeaving, publishStart } from './networking/membership.ts';
import type { Parts } from './parts.ts';
import { persistLater } from './persist.ts';
import type { Removal } from './removal.ts';
import type { Restarts } from './restarts/index.ts';

const FIRST_BACK_OFF_MS = 50;
const LAST_BACK_OFF_MS = 2_000;

/** What Docker says of a container that was running when the machine went down. */
const LOST_EXIT_CODE = 255;

/** Who acts on what has happened. */
interface LifeParts {
  readonly removal: Removal;
  readonly restarts: Restarts;
  readonly health: HealthChecks;
}

/**
 * Keeps the containers' state true: on each connection to the runtime first its listing, then its events from the last
 * one seen. So an engine that starts again adopts what runs, and learns what ended while it was away.
 */
export class Observer {
  private readonly parts: Parts;
  private readonly life: LifeParts;
  private lastSeq: number | null = null;
  private markReconciled: () => void = () => undefined;
  /** Resolves when the runtime has been asked for the first time. */
  readonly reconciled = new Promise<void>((resolve) => (this.markReconciled = resolve));

  constructor(parts: Parts, life: LifeParts) {
    this.parts = parts;
    this.life = life;
  }

  /** Until the signal; a runtime that goes away is waited for. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, report } = this.parts;
    let backOff = FIRST_BACK_OFF_MS;
    for (;;) {
      try {
        await this.observe(signal, () => (backOff = FIRST_BACK_OFF_MS));
      } catch (thrown) {
        if (signal.aborted) return;
        const error = toEngineError(thrown);
        if (error.code !== 'unavailable') report('The events of the runtime could not be followed.', error);
      }
      if (await aborted(clock.sleep(backOff, signal))) return;
      backOff = Math.min(backOff * 2, LAST_BACK_OFF_MS);
    }
  }

  private async observe(signal: AbortSignal, onProgress: () => void): Promise<void> {
    const { runtime, table } = this.parts;
    await runtime.reachable(signal);
    const before = new Map(
      table.all().flatMap((container) => (container.running ? [[container, container.startedAt]] : [])),
    );
    const listing = await runtime.list({ signal });
    for (const seen of listing.containers) this.reconcile(seen);
    this.reconcileMissing(before, new Set(listing.containers.map(({ id }) => id)));
    this.finishRemovals();
    // A runtime whose events begin anew has lost its journal: what it lists is all there is to know.
    const isFirst = this.lastSeq === null;
    const known = this.lastSeq !== null && this.lastSeq <= listing.asOfSeq;
    this.lastSeq = known ? this.lastSeq : listing.asOfSeq;
    if (isFirst) this.life.restarts.startWithEngine();
    this.markReconciled();
    for await (const event of runtime.events(this.lastSeq ?? listing.asOfSeq, { signal })) {
      this.lastSeq = event.seq;
      onProgress();
      this.take(event);
    }
  }

  private reconcile(seen: RuntimeContainer): void {
    const container = this.parts.table.get(seen.id);
    if (container === undefined) {
      // Never removed: it may belong to a record that was damaged, and its files are somebody's.
      this.parts.report(`The runtime has a container that no record knows: ${seen.id}`);
      return;
    }
    if (container.reconcile(seen)) this.onExit(container);
  }

  /** What ran before the listing was asked for and is not in it: the machine went down, or its files were removed. */
  private reconcileMissing(before: ReadonlyMap<Container, string | null>, listed: ReadonlySet<string>): void {
    const at = this.parts.clock.now().toISOString();
    for (const [container, startedAt] of before) {
      if (listed.has(container.id) || container.startedAt !== startedAt) continue;
      const exit = {
        code: LOST_EXIT_CODE,
        signal: null,
        oomKilled: false,
        memoryPeakBytes: null,
        memoryLimitBytes: null,
        at,
      };
      if (container.exited(exit)) this.onExit(container);
    }
  }

  private finishRemovals(): void {
    for (const container of this.parts.table.all()) {
      if (container.record.removing && !container.running) this.life.removal.removeAfterExit(container);
    }
  }

  private take(event: RuntimeEvent): void {
    const { table, events } = this.parts;
    const container = table.get(event.id);
    if (container === undefined) return;
    switch (event.kind) {
      case 'started':
        if (container.started({ startedAt: event.at, pid: event.pid })) {
          publishStart(this.parts, container, event.at);
        }
        return;
      case 'exited':
        if (container.exited(event.exit)) this.onExit(container);
        return;
      case 'oom':
        publishContainer(events, 'oom', container, { at: event.at });
        return;
      case 'paused':
        if (container.setPaused(true)) publishContainer(events, 'pause', container, { at: event.at });
        return;
      case 'resumed':
        if (container.setPaused(false)) publishContainer(events, 'unpause', container, { at: event.at });
        return;
      case 'exec-exited':
        if (this.life.health.takeProbeEnd(event.execId)) return;
        publishContainer(events, 'exec_die', container, {
          attributes: { execID: event.execId, exitCode: String(event.code) },
          at: event.at,
        });
    }
  }

  private onExit(container: Container): void {
    const { exit } = container;
    if (exit !== null) publishDie(this.parts.events, container, exit);
    publishLeaving(this.parts, container);
    if (container.record.spec.autoRemove) {
      this.life.removal.removeAfterExit(container);
      return;
    }
    this.life.restarts.afterExit(container);
    persistLater(this.parts, container);
  }
}

async function aborted(sleep: Promise<void>): Promise<boolean> {
  try {
    await sleep;
    return false;
  } catch (thrown) {
    if (isEngineError(toEngineError(thrown), 'cancelled')) return true;
    throw thrown;
  }
}
