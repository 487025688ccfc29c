import type { StoredTrash } from '../runtime/index.ts';
import type { PurgedTrash, TrashedVolume } from '../types/index.ts';
import type { InputOf } from './handler-input.ts';
import { alone, type Parts } from './parts.ts';
import type { VolumeRecord } from './record.ts';
import { differsInCase, existsAlready, notInTrash } from './refused.ts';
import { recordOf } from './stored-record.ts';
import { publishFreed, publishVolume } from './volume-events.ts';

/** How long something stays in the trash, and how much of it: whatever is reached first. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
const KEPT_BYTES = 10 * 1024 ** 3;

/** What can be had back. The data's keeper has it, with the records; nothing of it is written down here. */
export class Trash {
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  async list(signal: AbortSignal): Promise<readonly TrashedVolume[]> {
    return (await this.parts.store.trash({ signal })).map(trashedVolume);
  }

  async restore({ trashed, name }: InputOf<'restore'>, signal: AbortSignal): Promise<VolumeRecord> {
    const { store, records } = this.parts;
    const found = wanted(await store.trash({ signal }), trashed);
    if (found === undefined) throw notInTrash(trashed);
    const target = name ?? found.spec.name;
    const restore = async (): Promise<VolumeRecord> => {
      this.checkFree(target);
      const spec = await store.restore(found.id, target, { signal });
      const record = recordOf({ spec, createdAt: found.removedAt });
      await records.put(target, record);
      publishVolume(this.parts, 'restore', target);
      return record;
    };
    return alone(this.parts, target, restore, signal);
  }

  /** All that is named; nothing named is everything. */
  async purge({ trashed }: InputOf<'purge'>, signal: AbortSignal): Promise<PurgedTrash> {
    const { store } = this.parts;
    const all = await store.trash({ signal });
    const unknown = trashed.find((each) => wanted(all, each) === undefined);
    if (unknown !== undefined) throw notInTrash(unknown);
    const named = all.filter(({ id, spec }) => trashed.includes(id) || trashed.includes(spec.name));
    const ids = (trashed.length === 0 ? all : named).map(({ id }) => id);
    const purged = await store.purge({ ids }, { signal });
    publishFreed(this.parts, 'purge', purged.freedBytes);
    return { removed: purged.ids, freedBytes: purged.freedBytes };
  }

  /** What is too old or too much goes. */
  async keepBounds(signal?: AbortSignal): Promise<void> {
    const { store, clock } = this.parts;
    const removedBefore = new Date(clock.now().getTime() - KEPT_MS).toISOString();
    const { ids, freedBytes } = await store.purge({ removedBefore, maxBytes: KEPT_BYTES }, { signal });
    if (ids.length > 0) publishFreed(this.parts, 'purge', freedBytes);
  }

  private checkFree(name: string): void {
    const folded = name.toLowerCase();
    const other = this.parts.records.ids().find((each) => each.toLowerCase() === folded);
    if (other === undefined) return;
    if (other !== name) throw differsInCase(name, other);
    throw existsAlready(name, 'Restore it under another name.');
  }
}

/** By id, or the latest of a name. */
function wanted(all: readonly StoredTrash[], trashed: string): StoredTrash | undefined {
  return all.find(({ id }) => id === trashed) ?? all.find(({ spec }) => spec.name === trashed);
}

function trashedVolume({ id, spec, removedAt, sizeBytes }: StoredTrash): TrashedVolume {
  const expiresAt = new Date(Date.parse(removedAt) + KEPT_MS).toISOString();
  return { id, ...recordOf({ spec, createdAt: removedAt }), removedAt, expiresAt, sizeBytes };
}
