import { type EngineError, type ErrorCode, isEngineError, toEngineError, toWire } from '../errors/index.ts';
import { isDiskFull } from '../metadata/index.ts';
import { signalNumber } from '../runtime/index.ts';
import { prepareBindSources } from './bind-sources.ts';
import type { Container } from './container.ts';
import { publishContainer } from './container-events.ts';
import { explainForeign } from './foreign-platform.ts';
import { endpointsOf, publishStart } from './networking/membership.ts';
import type { Parts } from './parts.ts';
import { persistLater } from './persist.ts';
import { resolveDevices } from './oci/devices.ts';
import { runRequest } from './oci/run-request.ts';
import { notRunning, pausedAlready, undead } from './refusals.ts';
import { networkingWarnings } from './spec/networking.ts';
import type { Restarts } from './restarts/index.ts';

const SIGKILL = 9;

/** How long the kernel may take to end a process that got SIGKILL before we say that it does not. */
const KILL_GRACE_MS = 10_000;

/**
 * Starting and ending. The caller holds the container's mutex, except for `kill`, which must reach a container
 * whose stop is taking its time. What ended is known only from the runtime's events, never assumed.
 */
export class Lifecycle {
  private readonly parts: Parts;
  private readonly restarts: Restarts;

  constructor(parts: Parts, restarts: Restarts) {
    this.parts = parts;
    this.restarts = restarts;
  }

  /** Running already: nothing happens. A failure is kept beside the container until the next start. */
  async start(container: Container, signal?: AbortSignal): Promise<void> {
    if (container.paused) throw pausedAlready(container, 'Unpause it instead of starting it.');
    if (container.running) return;
    this.restarts.release(container);
    await container.during('starting', () => this.runOrRecord(container, signal));
  }

  /** As its restart policy wants it. Fails `unavailable`, without a record of it, when nobody can be asked. */
  async startAgain(container: Container, signal: AbortSignal): Promise<void> {
    await container.during('restarting', () => this.runOrRecord(container, signal, 'unavailable'));
  }

  /** Not running: nothing happens, and nothing will. `timeoutSeconds` -1 waits for ever. */
  async stop(container: Container, timeoutSeconds: number, signal?: AbortSignal): Promise<void> {
    if (!container.running && !container.awaitsRetry) return;
    await this.holdByHand(container);
    if (container.running)
      await container.during('stopping', () => this.end(container, timeoutSeconds, signal));
    publishContainer(this.parts.events, 'stop', container);
  }

  async restart(container: Container, timeoutSeconds: number, signal?: AbortSignal): Promise<void> {
    this.restarts.hold(container);
    await container.during('restarting', async () => {
      if (container.running) {
        await this.end(container, timeoutSeconds, signal);
        publishContainer(this.parts.events, 'stop', container);
      }
      await this.start(container, signal);
    });
    publishContainer(this.parts.events, 'restart', container);
  }

  /**
   * SIGKILL is answered when the container has ended, any other signal at once. SIGKILL and the stop signal are a stop:
   * its restart policy is silent afterwards.
   */
  async kill(container: Container, signal: number): Promise<void> {
    if (!container.running && !container.awaitsRetry) throw notRunning(container);
    const isStop = signal === SIGKILL || signal === stopSignalOf(container);
    if (isStop) await this.holdByHand(container);
    // A start by the restart policy may be under way: what it starts is killed.
    if (!container.running) await this.parts.mutex.run(container.id, async () => undefined);
    if (!container.running) return;
    await this.send(container, signal);
    if (isStop) await this.thaw(container);
    if (signal === SIGKILL && !(await this.endsWithin(container, KILL_GRACE_MS))) throw undead(container);
  }

  /**
   * With a restart policy on disk before it happens: an engine that dies meanwhile does not start it again. Without,
   * the exit stores it.
   */
  private async holdByHand(container: Container): Promise<void> {
    this.restarts.hold(container);
    if (container.record.stoppedByHand) return;
    container.setRecord({ ...container.record, stoppedByHand: true });
    if (container.record.spec.restart.name === 'no') return;
    try {
      await this.parts.records.put(container.id, container.record);
    } catch (thrown) {
      // Ending it must work on a full disk as well.
      if (!isDiskFull(thrown)) throw thrown;
    }
  }

  private async runOrRecord(
    container: Container,
    signal: AbortSignal | undefined,
    unrecorded?: ErrorCode,
  ): Promise<void> {
    try {
      await this.run(container, signal);
    } catch (thrown) {
      const { platform } = container.record;
      const error = explainForeign(toEngineError(thrown), platform, this.parts.host().architecture);
      if (error.code !== unrecorded) this.recordFailure(container, error);
      throw error;
    }
  }

  private async run(container: Container, signal: AbortSignal | undefined): Promise<void> {
    const { runtime, host } = this.parts;
    const { record } = container;
    if (record.failure !== null) container.setFailure(null);
    await prepareBindSources(record.spec.mounts);
    const devices = await resolveDevices(record.spec, record.spec.resources.blockIo);
    const endpoints = await endpointsOf(this.parts, container, signal);
    const result = await runtime.run(runRequest(container.record, host(), devices, endpoints), { signal });
    if (container.started(result)) publishStart(this.parts, container);
    const warnings = [...networkingWarnings(record.spec), ...result.warnings];
    if (record.failure !== null || String(warnings) !== String(record.warnings)) {
      container.setRecord({ ...container.record, warnings });
      persistLater(this.parts, container);
    }
  }

  private recordFailure(container: Container, error: EngineError): void {
    if (error.code === 'cancelled') return;
    const { message, detail, hint } = toWire(error);
    container.setFailure({
      message,
      ...(hint !== undefined && { hint }),
      ...(detail !== undefined && { detail }),
      at: this.parts.clock.now().toISOString(),
    });
    persistLater(this.parts, container);
    publishContainer(this.parts.events, 'start_failed', container, {
      attributes: { error: message, exitCode: String(detail?.exitCode ?? '') },
    });
  }

  private async end(container: Container, timeoutSeconds: number, signal?: AbortSignal): Promise<void> {
    await this.send(container, stopSignalOf(container), signal);
    await this.thaw(container, signal);
    const patience = timeoutSeconds < 0 ? null : timeoutSeconds * 1000;
    if (await this.endsWithin(container, patience, signal)) return;
    await this.send(container, SIGKILL, signal);
    if (!(await this.endsWithin(container, KILL_GRACE_MS, signal))) throw undead(container);
  }

  /** Of a paused one: what was sent to it arrives now. */
  private async thaw(container: Container, signal?: AbortSignal): Promise<void> {
    if (!container.paused) return;
    try {
      await this.parts.runtime.resume(container.id, { signal });
    } catch (thrown) {
      if (!isEngineError(thrown, 'failed-precondition')) throw thrown;
    }
  }

  /** A container that ended just now needs no signal: its exit is on the way. */
  private async send(container: Container, number: number, signal?: AbortSignal): Promise<void> {
    try {
      await this.parts.runtime.signal(container.id, number, { signal });
    } catch (thrown) {
      if (isEngineError(thrown, 'failed-precondition')) return;
      throw thrown;
    }
    publishContainer(this.parts.events, 'kill', container, { attributes: { signal: String(number) } });
  }

  /** False when the time is over; null is for ever. */
  private async endsWithin(
    container: Container,
    milliseconds: number | null,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const settled = new AbortController();
    const either = signal === undefined ? settled.signal : AbortSignal.any([signal, settled.signal]);
    const ended = container.until(() => (container.running ? undefined : true), either);
    const over =
      milliseconds === null ? null : this.parts.clock.sleep(milliseconds, either).then(() => false);
    try {
      return await (over === null ? ended : Promise.race([ended, over]));
    } finally {
      ended.catch(() => undefined);
      over?.catch(() => undefined);
      settled.abort();
    }
  }
}

function stopSignalOf({ record }: Container): number {
  return signalNumber(record.spec.stopSignal) ?? SIGKILL;
}
