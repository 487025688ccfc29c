import { z } from 'zod';
import type {
  ImportedVolume,
  PrunedVolumes,
  PurgedTrash,
  RemovedVolume,
  TrashedVolume,
  Volume,
  VolumeUsage,
} from '../types/index.ts';
import { fileOperations } from './file-operations.ts';
import { call, duplex, output, stream } from './operation.ts';
import { binary, labels, text } from './values.ts';
import { volumeName, volumeSettings } from './volume-request.ts';

/** By its whole name. */
const volume = text;
const target = z.strictObject({ volume });
const texts = z.array(text).max(256).optional();

/** Docker's filters. Of one kind any may match (of labels, all); of all kinds one each. */
const volumeFilters = z.strictObject({
  /** Whether no container has it. */
  dangling: z.boolean().optional(),
  /** Parts of names. */
  name: texts,
  /** `key` or `key=value`. */
  label: texts,
  driver: texts,
});

export type VolumeFilters = z.output<typeof volumeFilters>;

const labelFilters = {
  /** `key` or `key=value`; all must match. */
  labels: z.array(text).max(256).default([]),
  /** Spared: those that have one of these. */
  labelsNot: z.array(text).max(256).default([]),
};

export const volumes = {
  /** By name. */
  list: call(z.strictObject({ filters: volumeFilters.optional() }), output<readonly Volume[]>()),
  inspect: call(target, output<Volume>()),
  /**
   * Without a name: an anonymous one. A volume of this name with the same settings is there already: it is the answer.
   * Refused: other settings, or a name that differs from another's only in case.
   */
  create: call(z.strictObject({ name: volumeName.optional(), ...volumeSettings }), output<Volume>()),
  /** Into the trash, or with `permanently` for good. Refused as long as a container has it. `force`: unknown succeeds. */
  remove: call(
    target.extend({ force: z.boolean().default(false), permanently: z.boolean().default(false) }),
    output<RemovedVolume>(),
  ),
  /** Removes for good what no container has: anonymous ones, with `all` named ones as well. */
  prune: call(z.strictObject({ all: z.boolean().default(false), ...labelFilters }), output<PrunedVolumes>()),
  /** A new volume with the same data; of one that is written to meanwhile, as it was when each file was read. */
  clone: call(
    target.extend({ name: volumeName, /** Left out: the other's. */ labels: labels.optional() }),
    output<Volume>(),
  ),
  /** Its content goes into the trash. Refused while a container that has it runs. */
  empty: call(target, output<RemovedVolume>()),
  /** What is in it as a tar archive. */
  export: stream(target, output<Uint8Array>()),
  /**
   * Makes a volume of a tar archive, plain or compressed (gzip, zstd, bzip2, xz): whole, or not at all. Its one item comes
   * once the caller has ended its side and every byte is in place. A volume of this name is there already: refused,
   * unless `replace`, which puts its former content into the trash and is refused while a container that has it runs.
   */
  import: duplex(
    z.strictObject({ name: volumeName, labels: labels.default({}), replace: z.boolean().default(false) }),
    binary,
    output<ImportedVolume>(),
  ),
  /** Measures, one after another; without names: all. */
  usage: stream(z.strictObject({ volumes: z.array(volume).max(4096).default([]) }), output<VolumeUsage>()),
  /** What can be restored, latest first. */
  trash: call(z.strictObject({}), output<readonly TrashedVolume[]>()),
  /** By id in the trash, or by name: the latest of that name. Under its own name, or another. */
  restore: call(z.strictObject({ trashed: text, name: volumeName.optional() }), output<Volume>()),
  /** For good. Ids or names; none: everything. */
  purge: call(z.strictObject({ trashed: z.array(text).max(4096).default([]) }), output<PurgedTrash>()),
  ...fileOperations({ volume }),
} as const;
