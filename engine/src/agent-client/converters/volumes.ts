import { EngineError } from '../../errors/index.ts';
import type { StoredTrash, StoredVolume, TrashPurge, VolumeSpec } from '../../runtime/index.ts';
import type { VolumeUsage } from '../../types/index.ts';
import type * as wire from '../generated/longshore/agent/v1/volumes.ts';
import { isoFromUnixNs, unixNsFromIso } from './time.ts';

export function toWireSpec({ name, options, record }: VolumeSpec): wire.VolumeSpec {
  return { name, options: { ...options }, record };
}

export function fromWireSpec(spec: wire.VolumeSpec | undefined): VolumeSpec {
  if (spec === undefined) throw new EngineError('internal', 'The agent told of a volume without its name.');
  return { name: spec.name, options: spec.options, record: spec.record };
}

export function fromWireStored({ spec, createdAtUnixNs }: wire.StoredVolume): StoredVolume {
  return { spec: fromWireSpec(spec), createdAt: isoFromUnixNs(createdAtUnixNs) };
}

export function fromWireTrashed(trashed: wire.TrashedVolume): StoredTrash {
  return {
    id: trashed.id,
    spec: fromWireSpec(trashed.spec),
    removedAt: isoFromUnixNs(trashed.removedAtUnixNs),
    sizeBytes: Number(trashed.sizeBytes),
  };
}

export function fromWireVolumeUsage({ name, sizeBytes, files }: wire.VolumeUsage): VolumeUsage {
  return { volume: name, sizeBytes: Number(sizeBytes), files: Number(files) };
}

export function toWirePurge(purge: TrashPurge): wire.PurgeTrashRequest {
  if ('ids' in purge) return { what: { $case: 'these', value: { trashIds: [...purge.ids] } } };
  const value = {
    removedBeforeUnixNs: unixNsFromIso(purge.removedBefore),
    maxBytes: BigInt(purge.maxBytes),
  };
  return { what: { $case: 'beyond', value } };
}
