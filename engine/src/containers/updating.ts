import { EngineError, isEngineError } from '../errors/index.ts';
import type { BlockIoLimits, ContainerResources, RestartPolicy } from '../types/index.ts';
import type { Container } from './container.ts';
import { publishContainer } from './container-events.ts';
import type { InputOf } from './handler-input.ts';
import { resolveBlockIo } from './oci/devices.ts';
import { resourceChange } from './oci/resource-change.ts';
import type { Parts } from './parts.ts';
import type { Restarts } from './restarts/index.ts';
import { mergeResources } from './spec/resources.ts';

/** Limits and restart policy of a container that exists: on disk, and where it runs in the kernel, or neither. */
export class Updating {
  private readonly parts: Parts;
  private readonly restarts: Restarts;

  constructor(parts: Parts, restarts: Restarts) {
    this.parts = parts;
    this.restarts = restarts;
  }

  /** The caller holds the container's mutex. */
  async update(container: Container, input: InputOf<'update'>, signal: AbortSignal): Promise<void> {
    const { spec } = container.record;
    const restart = input.restart ?? spec.restart;
    if (input.restart !== undefined) checkRestart(container, restart);
    const before = spec.resources;
    const resources = mergeResources(input.resources, before);
    if (container.running) checkChangeable(before, resources);
    const isApplied = await this.apply(container, before, resources, signal);
    try {
      await this.store(container, resources, restart);
    } catch (thrown) {
      if (isApplied) await this.takeBack(container, resources, before);
      throw thrown;
    }
    if (input.restart !== undefined) this.restarts.policyChanged(container);
    publishContainer(this.parts.events, 'update', container);
  }

  /** False when there is nothing to change in the kernel: it does not run, or the limits are the same. */
  private async apply(
    container: Container,
    before: ContainerResources,
    after: ContainerResources,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const { runtime, host } = this.parts;
    const blockIo = await resolveBlockIo(after.blockIo);
    const change = resourceChange(before, after, host().swapAccounting, blockIo);
    if (change === null || !container.running) return false;
    try {
      await runtime.update(container.id, change, { signal });
    } catch (thrown) {
      // It ended in this moment: its next start brings the limits along.
      if (isEngineError(thrown, 'failed-precondition') && container.exit !== null) return false;
      throw thrown;
    }
    return true;
  }

  private async store(
    container: Container,
    resources: ContainerResources,
    restart: RestartPolicy,
  ): Promise<void> {
    const changed = (): Container['record'] => {
      const { record } = container;
      return { ...record, spec: { ...record.spec, resources, restart } };
    };
    await this.parts.records.put(container.id, changed());
    container.setRecord(changed());
  }

  private async takeBack(
    container: Container,
    from: ContainerResources,
    to: ContainerResources,
  ): Promise<void> {
    try {
      await this.apply(container, from, to);
    } catch (thrown) {
      this.parts.report(`Container ${container.name} keeps limits that could not be stored.`, thrown);
    }
  }
}

function checkRestart({ name, record }: Container, restart: RestartPolicy): void {
  if (!record.spec.autoRemove || restart.name === 'no') return;
  throw new EngineError(
    'invalid-argument',
    `Container ${name} is removed when it exits: it cannot be restarted.`,
    {
      detail: { step: 'settings', path: 'restart' },
      hint: 'Make a container without --rm for that.',
    },
  );
}

/** What only a start can set. */
function checkChangeable(before: ContainerResources, after: ContainerResources): void {
  const isKept =
    before.memorySwappiness === after.memorySwappiness &&
    before.oomKillDisable === after.oomKillDisable &&
    devicesOf(before.blockIo) === devicesOf(after.blockIo);
  if (isLifted(before, after)) {
    throw new EngineError(
      'failed-precondition',
      'The processors and memory nodes it runs on, and its weight on disks, can be changed but not lifted while it runs.',
      { detail: { step: 'settings', path: 'resources' }, hint: 'Stop it first.' },
    );
  }
  if (isKept) return;
  throw new EngineError(
    'failed-precondition',
    'Swappiness, the OOM killer and limits of single devices cannot change while a container runs.',
    { detail: { step: 'settings', path: 'resources' }, hint: 'Stop it first.' },
  );
}

/** The kernel takes no empty list where processes are, and knows no word for "the usual weight". */
function isLifted(before: ContainerResources, after: ContainerResources): boolean {
  const values = ({ cpusetCpus, cpusetMems, blockIo }: ContainerResources) => [
    cpusetCpus,
    cpusetMems,
    blockIo.weight,
  ];
  const next = values(after);
  return values(before).some((value, index) => value !== null && next[index] === null);
}

function devicesOf(limits: BlockIoLimits): string {
  return JSON.stringify({ ...limits, weight: null });
}
