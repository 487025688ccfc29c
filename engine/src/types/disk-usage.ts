/**
 * What the data folder takes of the disk, measured now; bytes as du(1) counts them. Each byte is counted in one part:
 * the parts are together `totalBytes`.
 */
export interface DiskUsage {
  readonly totalBytes: number;
  /** What `system.prune` of everything would free. */
  readonly reclaimableBytes: number;
  /** Unpacked layers with their archives; what several images share is counted once. */
  readonly images: DiskUsagePart<ImageDiskUsage>;
  /** Writable layers and logs. */
  readonly containers: DiskUsagePart<ContainerDiskUsage>;
  readonly volumes: DiskUsagePart<VolumeDiskUsage>;
  /** Removed volumes that can still be had back. */
  readonly volumeTrash: DiskUsagePart<TrashDiskUsage>;
  readonly buildCache: DiskUsagePart<BuildCacheDiskUsage>;
  /** What pulls have brought that are under way or were interrupted. */
  readonly partialDownloads: DiskUsagePart<PartialDiskUsage>;
  /** Records, folders and such: all that the engine and the agent keep besides. */
  readonly otherBytes: number;
}

export interface DiskUsagePart<T> {
  readonly totalBytes: number;
  /** Of what nothing needs now. */
  readonly reclaimableBytes: number;
  /** How many of the items are in use. */
  readonly activeCount: number;
  /** The largest first. */
  readonly items: readonly T[];
}

export interface ImageDiskUsage {
  readonly id: string;
  /** Familiar names; empty for an untagged image. */
  readonly references: readonly string[];
  /** ISO 8601; null when its maker did not say. */
  readonly createdAt: string | null;
  /** `uniqueBytes` and `sharedBytes`. */
  readonly sizeBytes: number;
  readonly uniqueBytes: number;
  /** Of what other images have as well. */
  readonly sharedBytes: number;
  /** Names of the containers made from it. */
  readonly usedBy: readonly string[];
}

export interface ContainerDiskUsage {
  readonly id: string;
  readonly name: string;
  /** What it was made from, as it was asked for. */
  readonly image: string;
  readonly running: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly writableBytes: number;
  readonly logBytes: number;
}

export interface VolumeDiskUsage {
  readonly name: string;
  readonly anonymous: boolean;
  readonly sizeBytes: number;
  /** Names of the containers that have it. */
  readonly usedBy: readonly string[];
}

export interface TrashDiskUsage {
  /** 32 hex digits. */
  readonly id: string;
  /** Of the volume that it was. */
  readonly name: string;
  /** ISO 8601. */
  readonly removedAt: string;
  readonly sizeBytes: number;
}

/** One step of a build whose result is kept. */
export interface BuildCacheDiskUsage {
  readonly id: string;
  readonly description: string;
  readonly sizeBytes: number;
  readonly inUse: boolean;
  /** Also part of an image: its bytes are counted there. */
  readonly shared: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly lastUsedAt: string;
}

export interface PartialDiskUsage {
  /** Of the blob; of a layer that is unpacked already, its ChainID. */
  readonly digest: string;
  readonly sizeBytes: number;
  /** Of a pull that can be gone on with: the next collection leaves it. */
  readonly kept: boolean;
}
