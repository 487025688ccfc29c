export { anonymousName } from './creation.ts';
export type { VolumesOptions } from './parts.ts';
export { type VolumeRecord, volumeRecordSchema } from './record.ts';
export type { VolumeOrder, VolumeSource } from './volume-source.ts';
export type { VolumeUse } from './volume-use.ts';
export { Volumes } from './volumes.ts';
