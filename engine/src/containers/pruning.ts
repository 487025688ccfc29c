import type { PruneResult } from '../contract/index.ts';
import { isEngineError } from '../errors/index.ts';
import type { Container } from './container.ts';
import type { InputOf } from './handler-input.ts';
import { hasLabel } from './listing/labels.ts';
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

  /** One that somebody starts or removes meanwhile is left out. */
  async prune(filters: InputOf<'prune'>, signal: AbortSignal): Promise<PruneResult> {
    const removed: string[] = [];
    for (const container of this.parts.table.all()) {
      if (!isPrunable(container, filters)) continue;
      try {
        await this.removal.remove(container, { force: false, volumes: false }, signal);
        removed.push(container.id);
      } catch (thrown) {
        if (!isEngineError(thrown, 'conflict')) throw thrown;
      }
    }
    this.parts.events.publish({
      type: 'container',
      action: 'prune',
      id: '',
      name: '',
      image: '',
      attributes: { removed: String(removed.length) },
    });
    return { removed };
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
