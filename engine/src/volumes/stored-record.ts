import type { StoredVolume, VolumeSpec } from '../runtime/index.ts';
import { type VolumeRecord, volumeRecordSchema } from './record.ts';

/** As the data's keeper gets it. */
export function toSpec(record: VolumeRecord): VolumeSpec {
  return { name: record.name, options: record.options, record: JSON.stringify(record) };
}

/** What the data's keeper knows; without a record that can be believed it is a plain volume that somebody named. */
export function recordOf({ spec, createdAt }: StoredVolume): VolumeRecord {
  const known = parse(spec.record);
  return {
    name: spec.name,
    labels: known?.labels ?? {},
    options: spec.options,
    anonymous: known?.anonymous ?? false,
    createdAt: known?.createdAt ?? createdAt,
  };
}

function parse(text: string): VolumeRecord | null {
  try {
    return volumeRecordSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
