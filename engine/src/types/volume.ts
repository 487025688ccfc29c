/** Data that outlives containers. */
export interface Volume {
  readonly name: string;
  readonly driver: 'local';
  /** Where its data is on the machine that runs the containers. */
  readonly mountpoint: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of the driver: `type`, `device` and `o` as mount(8) has them; none: a folder of the engine's own. */
  readonly options: Readonly<Record<string, string>>;
  /** Made for one container, and nobody gave it a name. */
  readonly anonymous: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly usedBy: readonly VolumeUser[];
}

/** A container that has the volume among its mounts, running or not. */
export interface VolumeUser {
  readonly id: string;
  readonly name: string;
  readonly running: boolean;
  /** Where it is in the container; one for each of its mounts of the volume. */
  readonly targets: readonly string[];
  /** It has the volume nowhere to write. */
  readonly readOnly: boolean;
}

/** What a volume's data takes, measured now. */
export interface VolumeUsage {
  readonly volume: string;
  /** Of disk; files with several names count once. */
  readonly sizeBytes: number;
  /** Files, folders, links: all but the volume's own root. */
  readonly files: number;
}

/** A volume, or the former content of one that was emptied, which can still be had back. */
export interface TrashedVolume {
  /** 32 hex digits. */
  readonly id: string;
  /** Of the volume that it was. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
  readonly anonymous: boolean;
  readonly createdAt: string;
  readonly removedAt: string;
  /** When it goes for good, at the latest: the trash is bounded in size as well, the oldest go first. */
  readonly expiresAt: string;
  readonly sizeBytes: number;
}

/** What became of a volume that was removed or emptied. */
export interface RemovedVolume {
  readonly name: string;
  /** Where it can be restored from; null: it is gone for good. */
  readonly trashId: string | null;
}

export interface PrunedVolumes {
  /** Their names. */
  readonly removed: readonly string[];
  readonly freedBytes: number;
}

export interface PurgedTrash {
  /** Ids in the trash. */
  readonly removed: readonly string[];
  readonly freedBytes: number;
}

export interface ImportedVolume {
  readonly volume: Volume;
  /** Of the archive. */
  readonly receivedBytes: number;
}
