import { isDiskFull } from '../metadata/index.ts';
import type { Container } from './container.ts';
import { publishContainer } from './container-events.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Parts } from './parts.ts';
import { stillRunning } from './refusals.ts';
import type { Restarts } from './restarts/index.ts';
import { discardAnonymous } from './volumes.ts';

export interface RemovalOptions {
  /** Also one that runs. */
  readonly force: boolean;
  /** With those of its volumes that nobody named and nobody else has. */
  readonly volumes: boolean;
}

const SIGKILL = 9;

/**
 * Removing, such that a crash in the middle is finished by the next engine: the record says `removing` before the
 * runtime forgets anything, and goes last.
 */
export class Removal {
  private readonly parts: Parts;
  private readonly lifecycle: Lifecycle;
  private readonly restarts: Restarts;

  constructor(parts: Parts, lifecycle: Lifecycle, restarts: Restarts) {
    this.parts = parts;
    this.lifecycle = lifecycle;
    this.restarts = restarts;
  }

  /** One that runs is refused without `force`. */
  async remove(
    container: Container,
    { force, volumes }: RemovalOptions,
    signal?: AbortSignal,
  ): Promise<void> {
    if (!force && (container.running || container.awaitsRetry)) throw stillRunning(container);
    this.restarts.hold(container);
    if (container.running) await this.killIfAlive(container);
    const removal = async (): Promise<void> => {
      if (container.removed) return;
      if (!force && (container.running || container.awaitsRetry)) throw stillRunning(container);
      await container.during('removing', () => this.forget(container, force, volumes));
    };
    await this.parts.mutex.run(container.id, removal, signal);
  }

  /** Once a container with `autoRemove` has ended, unless someone has started it again by then. */
  removeAfterExit(container: Container): void {
    const { background, mutex } = this.parts;
    const { removingVolumes, spec } = container.record;
    const withVolumes = removingVolumes || spec.autoRemove;
    const removal = async (): Promise<void> => {
      if (container.removed || container.running) return;
      await container.during('removing', () => this.forget(container, false, withVolumes));
    };
    background.add(
      `Container ${container.name} could not be removed after its exit.`,
      mutex.run(container.id, removal),
    );
  }

  private async forget(container: Container, force: boolean, withVolumes: boolean): Promise<void> {
    const { records, runtime, table, events, images } = this.parts;
    await this.mark(container, true, withVolumes);
    try {
      await runtime.delete(container.id, force);
    } catch (thrown) {
      await this.mark(container, false, false);
      throw thrown;
    }
    // Before anybody hears that it is gone, and while the record still says what is to be done.
    if (withVolumes) await discardAnonymous(this.parts, container.record.spec.mounts);
    container.markRemoved();
    await records.delete(container.id);
    table.remove(container);
    publishContainer(events, 'destroy', container);
    images.released(container.record.image.id);
  }

  /** On a full disk it goes on without the mark: what makes room must not need any. */
  private async mark(container: Container, removing: boolean, removingVolumes: boolean): Promise<void> {
    container.setRecord({ ...container.record, removing, removingVolumes });
    try {
      await this.parts.records.put(container.id, container.record);
    } catch (thrown) {
      if (!isDiskFull(thrown)) throw thrown;
    }
  }

  /** Not waiting for the mutex: a stop that is under way ends with this. */
  private async killIfAlive(container: Container): Promise<void> {
    try {
      await this.lifecycle.kill(container, SIGKILL);
    } catch (thrown) {
      // Whatever it was, the runtime's delete is told to use force and has the last word.
      this.parts.report(`Container ${container.name} could not be killed before its removal.`, thrown);
    }
  }
}
