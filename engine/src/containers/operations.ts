import { EngineError } from '../errors/index.ts';
import type { PruneResult } from '../contract/index.ts';
import { signalNumber } from '../runtime/index.ts';
import type { ContainerDetails, ContainerSummary, PrunableItem } from '../types/index.ts';
import type { Container } from './container.ts';
import { publishContainer } from './container-events.ts';
import { detailsOf, summaryOf } from './container-view.ts';
import type { Creation } from './creation.ts';
import type { InputOf } from './handler-input.ts';
import type { Lifecycle } from './lifecycle.ts';
import { renameOnNetworks } from './networking/connections.ts';
import type { Parts } from './parts.ts';
import { Pausing } from './pausing.ts';
import { Pruning } from './pruning.ts';
import type { Removal, RemovalOptions } from './removal.ts';
import type { Restarts } from './restarts/index.ts';
import { Updating } from './updating.ts';

interface LifeParts {
  readonly creation: Creation;
  readonly lifecycle: Lifecycle;
  readonly removal: Removal;
  readonly restarts: Restarts;
}

/** What changes a container. Changes of one happen one after the other, a kill excepted; nobody waits for another's. */
export class Operations {
  private readonly parts: Parts;
  private readonly life: LifeParts;
  private readonly pausing: Pausing;
  private readonly updating: Updating;
  private readonly pruning: Pruning;

  constructor(parts: Parts, life: LifeParts) {
    this.parts = parts;
    this.life = life;
    this.pausing = new Pausing(parts);
    this.updating = new Updating(parts, life.restarts);
    this.pruning = new Pruning(parts, life.removal);
  }

  async run(request: InputOf<'run'>, signal: AbortSignal): Promise<ContainerDetails> {
    const { creation, lifecycle } = this.life;
    const container = await creation.create(request, signal);
    try {
      await this.locked(container, () => lifecycle.start(container, signal), signal);
    } catch (thrown) {
      if (request.name === undefined) await this.discard(container);
      throw thrown;
    }
    return detailsOf(container);
  }

  async start(container: Container, signal: AbortSignal): Promise<ContainerSummary> {
    await this.locked(container, () => this.life.lifecycle.start(container, signal), signal);
    return summaryOf(container);
  }

  /** Goes on when its caller leaves: only cancelling the task ends it. */
  async stop(container: Container, { timeoutSeconds }: InputOf<'stop'>): Promise<ContainerSummary> {
    const timeout = timeoutSeconds ?? container.record.spec.stopTimeoutSeconds;
    await this.parts.tasks.run('container-stop', container.name, ({ signal }) =>
      this.locked(container, () => this.life.lifecycle.stop(container, timeout, signal), signal),
    );
    return summaryOf(container);
  }

  async restart(container: Container, { timeoutSeconds }: InputOf<'restart'>): Promise<ContainerSummary> {
    const timeout = timeoutSeconds ?? container.record.spec.stopTimeoutSeconds;
    await this.parts.tasks.run('container-restart', container.name, ({ signal }) =>
      this.locked(container, () => this.life.lifecycle.restart(container, timeout, signal), signal),
    );
    return summaryOf(container);
  }

  async kill(container: Container, signal: string): Promise<ContainerSummary> {
    const number = signalNumber(signal);
    if (number === null) throw new EngineError('invalid-argument', `There is no signal "${signal}".`);
    await this.life.lifecycle.kill(container, number);
    return summaryOf(container);
  }

  async pause(container: Container, signal: AbortSignal): Promise<ContainerSummary> {
    await this.locked(container, () => this.pausing.pause(container, signal), signal);
    return summaryOf(container);
  }

  async unpause(container: Container, signal: AbortSignal): Promise<ContainerSummary> {
    await this.locked(container, () => this.pausing.unpause(container, signal), signal);
    return summaryOf(container);
  }

  async update(
    container: Container,
    input: InputOf<'update'>,
    signal: AbortSignal,
  ): Promise<ContainerDetails> {
    await this.locked(container, () => this.updating.update(container, input, signal), signal);
    return detailsOf(container);
  }

  async remove(
    container: Container,
    options: RemovalOptions,
    signal: AbortSignal,
  ): Promise<{ readonly id: string }> {
    await this.life.removal.remove(container, options, signal);
    return { id: container.id };
  }

  prunable(filters: InputOf<'prune'>, signal: AbortSignal): Promise<readonly PrunableItem[]> {
    return this.pruning.prunable(filters, signal);
  }

  async prune(filters: InputOf<'prune'>, signal: AbortSignal): Promise<PruneResult> {
    return this.pruning.prune(filters, signal);
  }

  async rename(container: Container, name: string, signal: AbortSignal): Promise<ContainerSummary> {
    await this.locked(container, () => this.renameLocked(container, name), signal);
    return summaryOf(container);
  }

  private async renameLocked(container: Container, name: string): Promise<void> {
    const { table, records, events } = this.parts;
    const oldName = container.name;
    if (name === oldName)
      throw new EngineError('invalid-argument', `The container is called ${name} already.`);
    table.reserveName(name, container.id);
    try {
      await records.update(container.id, () => ({ ...container.record, name }));
    } catch (thrown) {
      table.releaseName(name, container.id);
      throw thrown;
    }
    container.setRecord({ ...container.record, name });
    table.releaseName(oldName, container.id);
    await renameOnNetworks(this.parts, container);
    publishContainer(events, 'rename', container, { attributes: { oldName } });
  }

  /** Whatever waited behind a removal finds nothing to work on. */
  private locked(container: Container, work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    const checked = async (): Promise<void> => {
      if (container.removed) throw new EngineError('not-found', `No such container: ${container.name}`);
      await work();
    };
    return this.parts.mutex.run(container.id, checked, signal);
  }

  /** After a failed start; its failure is what the caller hears, not what became of the rest. */
  private async discard(container: Container): Promise<void> {
    try {
      await this.life.removal.remove(container, { force: true, volumes: true });
    } catch (thrown) {
      this.parts.report(`Container ${container.name} could not be removed after its failed start.`, thrown);
    }
  }
}
