import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import { type DataFolder, RecordStore } from '../../metadata/index.ts';
import type { BuildCacheEntry, CacheMiss } from '../../types/index.ts';
import type { BuiltLayer, Root } from '../graph/vertex.ts';
import type { StepIdentity } from './step-identity.ts';

const layerSchema = z.object({
  diffId: z.string(),
  chainId: z.string(),
  usageBytes: z.number(),
  createdAt: z.string().nullable(),
});

/** `<data>/engine/state/build-steps/<key>.json` */
const stepSchema = z.object({
  /** Whose place in a Dockerfile it is: to tell why a step has missed. */
  slot: z.string(),
  parts: z.object({ parent: z.string(), instruction: z.string(), files: z.string(), variables: z.string() }),
  layer: layerSchema,
  /** ChainIDs of what the layer stands on, lowest first. */
  below: z.array(z.string()),
  description: z.string(),
  createdAt: z.string(),
  lastUsedAt: z.string(),
  usedTimes: z.number(),
});

type StepRecord = z.infer<typeof stepSchema>;

/** A step that has its layer here. */
export type CachedStep = StepRecord & { readonly key: string };

/** Uses are written down only so often: a hit must cost nothing. */
const USE_RESOLUTION_MS = 60 * 60 * 1000;
const NONE: ReadonlySet<string> = new Set();

/**
 * Layers of steps by what the steps are. A record is written when its layer is on disk, so what a crash leaves is a layer
 * that nobody knows, which the garbage collection takes.
 */
export class StepCache {
  private readonly records: RecordStore<StepRecord>;
  private readonly clock: Clock;
  /** Layers of builds under way, which have no record yet. */
  private readonly pins = new Map<object, readonly string[]>();

  static async open(folder: DataFolder, clock: Clock): Promise<StepCache> {
    const directory = folder.stateDirectory('build-steps');
    return new StepCache(await RecordStore.open({ directory, schema: stepSchema }), clock);
  }

  private constructor(records: RecordStore<StepRecord>, clock: Clock) {
    this.records = records;
    this.clock = clock;
  }

  /** `present`: the ChainIDs that the machine has. */
  find(key: string, present: ReadonlySet<string>): BuiltLayer | null {
    const record = this.records.get(key);
    return record !== undefined && present.has(record.layer.chainId) ? record.layer : null;
  }

  /** Those that are known, in their order. */
  steps(keys: readonly string[]): readonly CachedStep[] {
    return keys.flatMap((key) => {
      const record = this.records.get(key);
      return record === undefined ? [] : [{ ...record, key }];
    });
  }

  async put(identity: StepIdentity, below: Root, layer: BuiltLayer): Promise<void> {
    const now = this.clock.now().toISOString();
    await this.records.put(identity.key, {
      slot: identity.slot,
      parts: identity.parts,
      layer,
      below: below.map(({ chainId }) => chainId),
      description: identity.description,
      createdAt: now,
      lastUsedAt: now,
      usedTimes: 1,
    });
  }

  /** In the background, after the build. */
  async used(keys: readonly string[]): Promise<void> {
    const now = this.clock.now();
    for (const key of keys) {
      const record = this.records.get(key);
      if (record === undefined || now.getTime() - Date.parse(record.lastUsedAt) < USE_RESOLUTION_MS) continue;
      const usedTimes = record.usedTimes + 1;
      await this.records.put(key, { ...record, lastUsedAt: now.toISOString(), usedTimes });
    }
  }

  /** Why there is nothing for a step, by what was built last in its place. */
  missOf({ slot, parts, key }: StepIdentity): CacheMiss {
    if (this.records.get(key) !== undefined) {
      return { reason: 'collected', detail: 'its layer is not here any more' };
    }
    const before = this.records
      .all()
      .filter((record) => record.slot === slot)
      .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0];
    if (before === undefined) return { reason: 'first-time', detail: 'this step has not been built before' };
    if (before.parts.parent !== parts.parent) {
      return { reason: 'parent-changed', detail: 'what it builds on has changed' };
    }
    if (before.parts.instruction !== parts.instruction) {
      return { reason: 'instruction-changed', detail: 'the instruction has changed' };
    }
    if (before.parts.variables !== parts.variables) {
      return { reason: 'variables-changed', detail: 'its variables have changed' };
    }
    return { reason: 'files-changed', detail: 'the files that it takes have changed' };
  }

  /** The layers stay until the same token is unpinned. */
  pin(token: object, chainIds: readonly string[]): void {
    this.pins.set(token, [...(this.pins.get(token) ?? []), ...chainIds]);
  }

  unpin(token: object): void {
    this.pins.delete(token);
  }

  /** What the garbage collection must leave; `without` these steps. */
  held(without: ReadonlySet<string> = NONE): readonly string[] {
    const cached = this.records.ids().flatMap((id) => {
      const record = without.has(id) ? undefined : this.records.get(id);
      return record === undefined ? [] : [...record.below, record.layer.chainId];
    });
    return [...cached, ...[...this.pins.values()].flat()];
  }

  /** `ofImages`: ChainIDs of the layers that images have. */
  entries(ofImages: ReadonlySet<string>): readonly BuildCacheEntry[] {
    const below = new Set(this.records.all().flatMap((record) => record.below));
    return this.records.ids().flatMap((id) => {
      const record = this.records.get(id);
      if (record === undefined) return [];
      const { layer, description, createdAt, lastUsedAt, usedTimes } = record;
      const shared = below.has(layer.chainId) || ofImages.has(layer.chainId);
      const common = { description, createdAt, lastUsedAt, usedTimes, shared, inUse: false };
      return [{ id, kind: 'step' as const, sizeBytes: layer.usageBytes, ...common }];
    });
  }

  /** ChainID of what a step has made. */
  layerOf(id: string): string | null {
    return this.records.get(id)?.layer.chainId ?? null;
  }

  async forget(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.records.delete(id);
  }
}
