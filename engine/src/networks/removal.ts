import type { NetworkPruneResult } from '../contract/index.ts';
import { EngineError, isEngineError } from '../errors/index.ts';
import { hasLabel } from '../labels.ts';
import type { Applying } from './applying.ts';
import type { Network } from './built-in.ts';
import type { InputOf } from './handler-input.ts';
import { publishNetwork, publishPrune } from './network-events.ts';
import type { Parts } from './parts.ts';
import type { NetworkRecord } from './record.ts';
import type { PrunableItem } from '../types/index.ts';

const NOBODY: ReadonlySet<string> = new Set();

/** Removing networks: from the machine first, so that a crash in between leaves a network that is whole again. */
export class Removal {
  private readonly parts: Parts;
  private readonly applying: Applying;
  private readonly underWay = new Set<string>();

  constructor(parts: Parts, applying: Applying) {
    this.parts = parts;
    this.applying = applying;
  }

  /** No container may come to it any more. */
  isRemoving(id: string): boolean {
    return this.underWay.has(id);
  }

  /** Docker's rule: containers that do not run keep nobody from it. */
  async remove({ id, name, builtIn }: Network, signal: AbortSignal): Promise<void> {
    if (builtIn) throw predefined(name);
    await this.parts.mutex.run(
      id,
      async () => {
        const record = this.parts.table.get(id);
        if (record === undefined) throw new EngineError('not-found', `No such network: ${name}`);
        this.checkUnused(record);
        this.underWay.add(id);
        try {
          await this.forget(record, signal);
        } finally {
          this.underWay.delete(id);
        }
      },
      signal,
    );
  }

  /** What `prune` would remove if these containers were gone, as things are. */
  prunable(filters: InputOf<'prune'>, without: ReadonlySet<string>): readonly PrunableItem[] {
    return this.parts.table
      .custom()
      .filter((record) => this.isPrunable(record, filters, without))
      .map(({ id, name }) => ({ id, name, bytes: 0 }));
  }

  /** All that no container is on, running or not. One that somebody comes to meanwhile is left out. */
  async prune(filters: InputOf<'prune'>, signal: AbortSignal): Promise<NetworkPruneResult> {
    const removed: { readonly id: string; readonly name: string }[] = [];
    for (const record of this.parts.table.custom()) {
      if (!this.isPrunable(record, filters)) continue;
      try {
        await this.remove({ ...record, builtIn: false }, signal);
        removed.push({ id: record.id, name: record.name });
      } catch (thrown) {
        if (!isEngineError(thrown, 'failed-precondition') && !isEngineError(thrown, 'not-found'))
          throw thrown;
      }
    }
    publishPrune(this.parts, removed.length);
    return { removed };
  }

  private async forget(record: NetworkRecord, signal: AbortSignal): Promise<void> {
    const { host, records, table } = this.parts;
    await host.remove(record.id, { signal });
    this.applying.forget(record.id);
    await records.delete(record.id);
    table.remove(record);
    publishNetwork(this.parts, 'destroy', record);
  }

  private checkUnused(record: NetworkRecord): void {
    const { name } = record;
    const users = this.parts.use.usersOf(record).filter(({ active }) => active);
    if (users.length === 0) return;
    const names = users.map(({ containerName }) => containerName).join(', ');
    throw new EngineError('failed-precondition', `The network ${name} is in use by ${names}.`, {
      detail: { step: 'network', path: name },
      hint: 'Stop these containers, or disconnect them from it.',
    });
  }

  private isPrunable(
    record: NetworkRecord,
    filters: InputOf<'prune'>,
    without: ReadonlySet<string> = NOBODY,
  ): boolean {
    return (
      this.parts.use.usersOf(record).every(({ containerId }) => without.has(containerId)) &&
      filters.labels.every((wanted) => hasLabel(record.labels, wanted)) &&
      !filters.labelsNot.some((unwanted) => hasLabel(record.labels, unwanted)) &&
      (filters.until === undefined || Date.parse(record.createdAt) < Date.parse(filters.until))
    );
  }
}

function predefined(name: string): EngineError {
  return new EngineError('permission-denied', `${name} is a pre-defined network and cannot be removed.`, {
    detail: { step: 'network', path: name },
  });
}
