import type { VolumeUser } from '../types/index.ts';

/** Who has volumes among its mounts: fulfilled by containers/. */
export interface VolumeUse {
  /** Containers that are being made count as well. */
  usersOf(volume: string): readonly VolumeUser[];
}
