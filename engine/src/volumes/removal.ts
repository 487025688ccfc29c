import { randomBytes } from 'node:crypto';
import { isEngineError } from '../errors/index.ts';
import { hasLabel } from '../labels.ts';
import type { PrunableItem, PrunedVolumes, RemovedVolume } from '../types/index.ts';
import type { InputOf } from './handler-input.ts';
import { alone, type Parts } from './parts.ts';
import type { VolumeRecord } from './record.ts';
import { inUse, inUseByRunning, noSuchVolume } from './refused.ts';
import { publishFreed, publishVolume } from './volume-events.ts';

/** Removes volumes and their content; a volume that somebody has stays. */
export class Removal {
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  async remove(input: InputOf<'remove'>, signal: AbortSignal): Promise<RemovedVolume> {
    const { volume, force, permanently } = input;
    const { records } = this.parts;
    const trashId = permanently ? null : newTrashId();
    const remove = async (): Promise<RemovedVolume> => {
      if (records.get(volume) === undefined) {
        if (force) return { name: volume, trashId: null };
        throw noSuchVolume(volume);
      }
      const users = this.parts.use.usersOf(volume);
      if (users.length > 0) throw inUse(volume, users);
      await this.take(volume, trashId);
      return { name: volume, trashId };
    };
    return alone(this.parts, volume, remove, signal);
  }

  /** What `prune` would remove if these containers were gone, as things are. */
  async prunable(
    filters: InputOf<'prune'>,
    without: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<readonly PrunableItem[]> {
    const { records, store, use } = this.parts;
    const names = records
      .all()
      .filter((record) => isPrunable(record, filters))
      .map(({ name }) => name)
      .filter((name) => use.usersOf(name).every(({ id }) => without.has(id)));
    if (names.length === 0) return [];
    const items: PrunableItem[] = [];
    for await (const { volume, sizeBytes } of store.usage(names, { signal })) {
      items.push({ id: volume, name: volume, bytes: sizeBytes });
    }
    return items;
  }

  /** One that somebody takes meanwhile is left out. */
  async prune(filters: InputOf<'prune'>, signal: AbortSignal): Promise<PrunedVolumes> {
    const removed: string[] = [];
    let freedBytes = 0;
    for (const record of this.parts.records.all()) {
      if (!isPrunable(record, filters)) continue;
      const freed = await this.removeUnused(record.name, signal);
      if (freed === null) continue;
      removed.push(record.name);
      freedBytes += freed;
    }
    publishFreed(this.parts, 'prune', freedBytes);
    return { removed, freedBytes };
  }

  /** For good; null when somebody has it or it is gone already. */
  removeUnused(volume: string, signal?: AbortSignal): Promise<number | null> {
    const { records, use } = this.parts;
    const remove = async (): Promise<number | null> => {
      if (records.get(volume) === undefined || use.usersOf(volume).length > 0) return null;
      try {
        return await this.take(volume, null);
      } catch (thrown) {
        if (isEngineError(thrown, 'conflict')) return null;
        throw thrown;
      }
    };
    return alone(this.parts, volume, remove, signal);
  }

  /** Its content goes into the trash. */
  empty({ volume }: InputOf<'empty'>, signal: AbortSignal): Promise<RemovedVolume> {
    const { records, store, use } = this.parts;
    const empty = async (): Promise<RemovedVolume> => {
      if (records.get(volume) === undefined) throw noSuchVolume(volume);
      const running = use.usersOf(volume).filter((user) => user.running);
      if (running.length > 0) throw inUseByRunning(volume, running);
      const trashId = newTrashId();
      const wasFull = await store.empty(volume, trashId, { signal });
      publishVolume(this.parts, 'empty', volume);
      return { name: volume, trashId: wasFull ? trashId : null };
    };
    return alone(this.parts, volume, empty, signal);
  }

  /** The data goes first: whoever finds a record without data finishes this. */
  private async take(volume: string, trashId: string | null): Promise<number> {
    const { records, store } = this.parts;
    const freed = await this.withoutData(store.remove(volume, trashId));
    await records.delete(volume);
    publishVolume(this.parts, 'destroy', volume);
    return freed;
  }

  private async withoutData(removing: Promise<number>): Promise<number> {
    try {
      return await removing;
    } catch (thrown) {
      if (isEngineError(thrown, 'not-found')) return 0;
      throw thrown;
    }
  }
}

export function newTrashId(): string {
  return randomBytes(16).toString('hex');
}

function isPrunable({ anonymous, labels }: VolumeRecord, filters: InputOf<'prune'>): boolean {
  return (
    (anonymous || filters.all) &&
    filters.labels.every((wanted) => hasLabel(labels, wanted)) &&
    !filters.labelsNot.some((unwanted) => hasLabel(labels, unwanted))
  );
}
