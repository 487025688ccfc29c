import type { Clock } from '../../clock.ts';
import type { ContentStore } from '../../content/index.ts';
import { type DataFolder, type QuarantinedRecord, RecordStore } from '../../metadata/index.ts';
import type { Leases } from '../leases.ts';
import { type PullRecord, pullRecordSchema } from './pull-record.ts';

export interface UnfinishedPullsParts {
  readonly folder: DataFolder;
  readonly leases: Leases;
  readonly content: ContentStore;
  readonly clock: Clock;
}

/** As long as the ingest folder keeps partial downloads. */
const LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * The records of pulls that have not come to their end, over restarts. While one stands, until it expires, a lease
 * keeps what the pull has brought.
 */
export class UnfinishedPulls {
  private readonly parts: UnfinishedPullsParts;
  private readonly records: RecordStore<PullRecord>;

  /** What was running when the engine died is interrupted. */
  static async open(parts: UnfinishedPullsParts): Promise<UnfinishedPulls> {
    const directory = parts.folder.stateDirectory('pulls');
    const records = await RecordStore.open({ directory, schema: pullRecordSchema });
    const pulls = new UnfinishedPulls(parts, records);
    for (const [id, record] of pulls.entries()) {
      if (record.status === 'running') await pulls.stop(id, { ...record, status: 'interrupted' });
    }
    await pulls.forgetExpired();
    return pulls;
  }

  private constructor(parts: UnfinishedPullsParts, records: RecordStore<PullRecord>) {
    this.parts = parts;
    this.records = records;
  }

  get quarantined(): readonly QuarantinedRecord[] {
    return this.records.quarantined;
  }

  get(id: string): PullRecord | undefined {
    const record = this.records.get(id);
    return record === undefined || this.isExpired(record) ? undefined : record;
  }

  entries(): readonly (readonly [id: string, record: PullRecord])[] {
    return this.records.ids().flatMap((id) => {
      const record = this.get(id);
      return record === undefined ? [] : [[id, record] as const];
    });
  }

  put(id: string, record: PullRecord): Promise<void> {
    return this.records.put(id, record);
  }

  /** It runs no longer, and what it has brought is kept. */
  async stop(id: string, record: PullRecord): Promise<void> {
    if (record.manifest !== null) await this.parts.leases.extend(record.manifest, expiryOf(record));
    await this.put(id, record);
  }

  /** An unknown one is no error. */
  forget(id: string): Promise<void> {
    return this.records.delete(id);
  }

  /** Bytes of its layers that are on this machine. */
  async downloadedBytes({ layers }: PullRecord): Promise<number> {
    const present = layers.map(async (layer) => layer.size - (await this.parts.content.missingBytes(layer)));
    return (await Promise.all(present)).reduce((sum, bytes) => sum + bytes, 0);
  }

  private async forgetExpired(): Promise<void> {
    for (const id of this.records.ids()) {
      const record = this.records.get(id);
      if (record !== undefined && this.isExpired(record)) await this.forget(id);
    }
  }

  private isExpired(record: PullRecord): boolean {
    return record.status !== 'running' && expiryOf(record) <= this.parts.clock.now();
  }
}

export function expiryOf({ updatedAt }: PullRecord): Date {
  return new Date(Date.parse(updatedAt) + LIFETIME_MS);
}
