import type { Volume } from '../types/index.ts';
import type { Parts } from './parts.ts';
import type { VolumeRecord } from './record.ts';

export function volumeOf(
  { use, mountpointOf }: Pick<Parts, 'use' | 'mountpointOf'>,
  { name, labels, options, anonymous, createdAt }: VolumeRecord,
): Volume {
  return {
    name,
    driver: 'local',
    mountpoint: mountpointOf(name),
    labels,
    options,
    anonymous,
    createdAt,
    usedBy: use.usersOf(name),
  };
}
