import type { Background, Report } from '../background.ts';
import type { Clock } from '../clock.ts';
import type { NewEvent } from '../events/index.ts';
import type { KeyedMutex } from '../keyed-mutex.ts';
import type { RecordStore } from '../metadata/index.ts';
import type { ContainerFiles, VolumeStore } from '../runtime/index.ts';
import type { Task } from '../types/index.ts';
import type { VolumeRecord } from './record.ts';
import type { VolumeUse } from './volume-use.ts';

/** Where operations that take long are entered: fulfilled by system/. */
export interface TaskRunner {
  run<T>(
    kind: Task['kind'],
    subject: string,
    work: (context: { readonly signal: AbortSignal }) => Promise<T>,
  ): Promise<T>;
}

/** What the volumes of an engine work with, made by others. */
export interface VolumesOptions {
  readonly records: RecordStore<VolumeRecord>;
  readonly store: VolumeStore;
  readonly files: ContainerFiles;
  readonly events: { publish(event: NewEvent): unknown };
  readonly tasks: TaskRunner;
  readonly clock: Clock;
  readonly use: VolumeUse;
  /** Where a volume's data is on the machine that runs the containers. */
  readonly mountpointOf: (volume: string) => string;
  readonly report: Report;
}

/** The same for the parts of volumes/, with what they share. */
export interface Parts extends VolumesOptions {
  /** By name without case: no two may differ only in that. */
  readonly mutex: KeyedMutex;
  readonly background: Background;
}

/** Changes of one volume, and makings of volumes whose names differ only in case, one after another. */
export function alone<T>(
  { mutex }: Pick<Parts, 'mutex'>,
  volume: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  return mutex.run(volume.toLowerCase(), work, signal);
}
