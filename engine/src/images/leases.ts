import type { Clock } from '../clock.ts';
import { type DataFolder, RecordStore } from '../metadata/index.ts';
import { type Digest, digestHex } from '../oci/index.ts';
import { attestedContent } from './attestations.ts';
import { type ImageRecord, type LeaseRecord, leaseRecordSchema } from './records.ts';

/** What an image that is being made needs, before a record of it exists. */
export interface LeasedContent {
  /** Names the lease: of the manifest. */
  readonly manifest: Digest;
  readonly digests: readonly Digest[];
  readonly chainIds: readonly Digest[];
}

/** All that an image is made of. */
export function leaseOf({ id, index, attestations, manifest, layers }: ImageRecord): LeasedContent {
  return {
    manifest: manifest.digest,
    digests: [
      ...(index === undefined ? [] : [index.digest]),
      manifest.digest,
      id,
      ...[...layers, ...attestedContent(attestations)].map(({ digest }) => digest),
    ],
    chainIds: layers.map(({ chainId }) => chainId),
  };
}

/** Parts of a pull that did not finish stay so long, for the next attempt. */
const LIFETIME_MS = 24 * 60 * 60 * 1000;

/**
 * Keeps garbage collection away from what is being pulled: while it is under way, and for a day after it stopped
 * short, over restarts.
 */
export class Leases {
  private readonly records: RecordStore<LeaseRecord>;
  private readonly clock: Clock;
  /** Pulls under way per lease. */
  private readonly active = new Map<string, number>();

  static async open(folder: DataFolder, clock: Clock): Promise<Leases> {
    const records = await RecordStore.open({
      directory: folder.stateDirectory('leases'),
      schema: leaseRecordSchema,
    });
    return new Leases(records, clock);
  }

  private constructor(records: RecordStore<LeaseRecord>, clock: Clock) {
    this.records = records;
    this.clock = clock;
  }

  async acquire({ manifest, digests, chainIds }: LeasedContent): Promise<void> {
    const id = digestHex(manifest);
    this.active.set(id, (this.active.get(id) ?? 0) + 1);
    const expiresAt = new Date(this.clock.now().getTime() + LIFETIME_MS).toISOString();
    try {
      await this.records.put(id, {
        digests: [...digests],
        chainIds: [...chainIds],
        expiresAt,
      });
    } catch (thrown) {
      this.leave(id);
      throw thrown;
    }
  }

  /** `committed`: a record holds the content now. Else the lease lives on until it expires. */
  async release(manifest: Digest, committed: boolean): Promise<void> {
    const id = digestHex(manifest);
    this.leave(id);
    if (committed && !this.active.has(id)) await this.records.delete(id);
  }

  /** So long beyond its end, if it is not released as committed. An unknown one is no error. */
  async extend(manifest: Digest, until: Date): Promise<void> {
    const id = digestHex(manifest);
    const lease = this.records.get(id);
    if (lease !== undefined) await this.records.put(id, { ...lease, expiresAt: until.toISOString() });
  }

  /** Nobody wants to go on with it. One that is in use stays. */
  async forget(manifest: Digest): Promise<void> {
    const id = digestHex(manifest);
    if (!this.active.has(id)) await this.records.delete(id);
  }

  /** All that must stay. */
  held(): readonly LeaseRecord[] {
    return this.records.ids().flatMap((id) => {
      const lease = this.records.get(id);
      return lease !== undefined && this.isHeld(id, lease) ? [lease] : [];
    });
  }

  async forgetExpired(): Promise<void> {
    for (const id of this.records.ids()) {
      const lease = this.records.get(id);
      if (lease !== undefined && !this.isHeld(id, lease)) await this.records.delete(id);
    }
  }

  private isHeld(id: string, lease: LeaseRecord): boolean {
    return this.active.has(id) || Date.parse(lease.expiresAt) > this.clock.now().getTime();
  }

  private leave(id: string): void {
    const users = (this.active.get(id) ?? 1) - 1;
    if (users === 0) this.active.delete(id);
    else this.active.set(id, users);
  }
}
