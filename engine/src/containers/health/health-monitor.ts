import type { Healthcheck } from '../../types/index.ts';
import type { Container } from '../container.ts';
import { publishContainer } from '../container-events.ts';
import { firstDelay, healthAfter, intervalOf, UNKNOWN_HEALTH } from './health-status.ts';
import { probe, type ProbeContext } from './probe.ts';

/**
 * Looks after the health of one container: probes while it runs, none while it is paused or on its way down. One probe
 * at a time; whatever becomes of it delays nobody but the next probe of this container.
 */
export class HealthMonitor implements Disposable {
  private readonly context: ProbeContext;
  private readonly container: Container;
  private readonly check: Healthcheck;
  private readonly onOver: () => void;
  private readonly watching: Disposable;
  private following: { readonly startedAt: string; readonly abort: AbortController } | null = null;
  /** The run that `health` is about. */
  private knownRun: string | null = null;

  /** `onOver` is called when the container has been removed. */
  constructor(context: ProbeContext, container: Container, check: Healthcheck, onOver: () => void) {
    this.context = context;
    this.container = container;
    this.check = check;
    this.onOver = onOver;
    this.watching = container.watch(() => this.look());
    this.look();
  }

  [Symbol.dispose](): void {
    this.watching[Symbol.dispose]();
    this.following?.abort.abort();
    this.following = null;
  }

  private look(): void {
    const { container } = this;
    if (container.removed) {
      this[Symbol.dispose]();
      this.onOver();
      return;
    }
    const startedAt = container.running && !container.isLeaving ? container.startedAt : null;
    if (startedAt === (this.following?.startedAt ?? null)) return;
    this.following?.abort.abort();
    this.following = null;
    if (startedAt !== null) this.begin(startedAt);
  }

  private begin(startedAt: string): void {
    const abort = new AbortController();
    this.following = { startedAt, abort };
    if (this.knownRun !== startedAt) {
      this.knownRun = startedAt;
      this.container.setHealth(UNKNOWN_HEALTH);
    }
    this.context.parts.background.add(
      `The health of container ${this.container.name} is no longer looked after.`,
      this.follow(startedAt, abort.signal),
    );
  }

  private async follow(startedAt: string, signal: AbortSignal): Promise<void> {
    const { container, check, context } = this;
    const { clock } = context.parts;
    try {
      let delay = firstDelay(check, startedAt, clock.now());
      for (;;) {
        if (delay > 0) await clock.sleep(delay, signal);
        await container.until(() => (container.paused ? undefined : true), signal);
        const result = await probe(context, container, check, signal);
        if (result !== null && !signal.aborted) this.take(result, startedAt);
        delay = intervalOf(container.health ?? UNKNOWN_HEALTH, check, startedAt, clock.now());
      }
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    }
  }

  private take(result: Parameters<typeof healthAfter>[1], startedAt: string): void {
    const { container, check, context } = this;
    const before = container.health ?? UNKNOWN_HEALTH;
    const health = healthAfter(before, result, check, startedAt);
    container.setHealth(health);
    if (health.status === before.status) return;
    publishContainer(context.parts.events, 'health_status', container, {
      attributes: { health_status: health.status },
    });
  }
}
