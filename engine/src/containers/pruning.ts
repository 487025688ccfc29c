import type { PruneResult } from '../contract/index.ts';
import { isEngineError } from '../errors/index.ts';
import { hasLabel } from '../labels.ts';
import type { PrunableItem } from '../types/index.ts';
import type { Container } from './container.ts';
import type { InputOf } from './handler-input.ts';
import type { Parts } from './parts.ts';
import type { Removal } from './removal.ts';

/** Removes all containers that do not run and that the filters name. */
export class Pruning {
  private readonly parts: Parts;
  private readonly removal: Removal;

  constructor(parts: Parts, removal: Removal) {
    this.parts = parts;
    this.removal = removal;
  }

  /** What `prune` would remove, as things are. */
  async prunable(filters: InputOf<'prune'>, signal: AbortSignal): Promise<readonly PrunableItem[]> {
    const prunable = this.parts.table.all().filter((container) => isPrunable(container, filters));
    const sizes = await this.sizesOf(prunable, signal);
    return prunable.map(({ id, name }) => ({ id, name, bytes: sizes.get(id) ?? 0 }));
  }

  /** One that somebody starts or removes meanwhile is left out. */
  async prune(filters: InputOf<'prune'>, signal: AbortSignal): Promise<PruneResult> {
    const prunable = this.parts.table.all().filter((container) => isPrunable(container, filters));
    const sizes = await this.sizesOf(prunable, signal);
    const removed: string[] = [];
    for (const container of prunable) {
      if (!isPrunable(container, filters)) continue;
      try {
        await this.removal.remove(container, { force: false, volumes: false }, signal);
        removed.push(container.id);
      } catch (thrown) {
        if (!isEngineError(thrown, 'conflict')) throw thrown;
      }
    }
    const freedBytes = removed.reduce((sum, id) => sum + (sizes.get(id) ?? 0), 0);
    this.parts.events.publish({
      type: 'container',
      action: 'prune',
      id: '',
      name: '',
      image: '',
      attributes: { removed: String(removed.length) },
    });
    return { removed, freedBytes };
  }

  private async sizesOf(
    containers: readonly Container[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, number>> {
    const sizes = new Map<string, number>();
    if (containers.length === 0) return sizes;
    const ids = containers.map(({ id }) => id);
    for await (const { id, writableBytes, logBytes } of this.parts.files.usage(ids, { signal })) {
      sizes.set(id, writableBytes + logBytes);
    }
    return sizes;
  }
}

function isPrunable({ status, record }: Container, filters: InputOf<'prune'>): boolean {
  if (status !== 'created' && status !== 'exited') return false;
  const { labels } = record.spec;
  return (
    filters.labels.every((wanted) => hasLabel(labels, wanted)) &&
    !filters.labelsNot.some((unwanted) => hasLabel(labels, unwanted)) &&
    (filters.until === undefined || Date.parse(record.createdAt) < Date.parse(filters.until))
  );
}
