import { z } from 'zod';
import { type DataFolder, type QuarantinedRecord, RecordStore } from '../../metadata/index.ts';
import type { BuildCacheLimits } from '../../types/index.ts';

/** `<data>/engine/state/build-settings/cache.json` */
const limitsSchema = z.object({ maxBytes: z.number().nullable(), maxUnusedSeconds: z.number().nullable() });
const ID = 'cache';

export const DEFAULT_LIMITS: BuildCacheLimits = {
  maxBytes: 20 * 1024 ** 3,
  maxUnusedSeconds: 14 * 24 * 60 * 60,
};

/** What the cache may grow to, over restarts. A damaged record is as good as none: it is put aside. */
export class CacheLimits {
  private readonly records: RecordStore<BuildCacheLimits>;

  static async open(folder: DataFolder): Promise<CacheLimits> {
    const directory = folder.stateDirectory('build-settings');
    return new CacheLimits(await RecordStore.open({ directory, schema: limitsSchema }));
  }

  private constructor(records: RecordStore<BuildCacheLimits>) {
    this.records = records;
  }

  get current(): BuildCacheLimits {
    return this.records.get(ID) ?? DEFAULT_LIMITS;
  }

  get quarantined(): readonly QuarantinedRecord[] {
    return this.records.quarantined;
  }

  async save(limits: BuildCacheLimits): Promise<BuildCacheLimits> {
    await this.records.put(ID, limits);
    return this.current;
  }
}
