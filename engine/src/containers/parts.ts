import type { Background, Report } from '../background.ts';
import type { Clock } from '../clock.ts';
import type { RecordStore } from '../metadata/index.ts';
import type { ContainerFiles, NetworkHost, Runtime } from '../runtime/index.ts';
import type { Task } from '../types/index.ts';
import type { EventSink } from './container-events.ts';
import type { ContainerTable } from './container-table.ts';
import type { ImageSource } from './image-source.ts';
import type { NetworkSource } from '../networks/index.ts';
import type { VolumeSource } from '../volumes/index.ts';
import type { KeyedMutex } from '../keyed-mutex.ts';
import type { ContainerRecord } from './record.ts';
import type { HostTraits } from './oci/runtime-spec.ts';

/** Where operations that take long are entered: fulfilled by system/. */
export interface TaskRunner {
  run<T>(
    kind: Task['kind'],
    subject: string,
    work: (context: { readonly signal: AbortSignal }) => Promise<T>,
  ): Promise<T>;
}

/** What the containers of an engine work with, made by others. */
export interface ContainersOptions {
  readonly records: RecordStore<ContainerRecord>;
  readonly images: ImageSource;
  readonly networks: NetworkSource;
  readonly networkHost: NetworkHost;
  readonly volumes: VolumeSource;
  readonly runtime: Runtime;
  readonly files: ContainerFiles;
  readonly events: EventSink;
  readonly tasks: TaskRunner;
  readonly clock: Clock;
  /** Asked at each start: the machine is known only once the agent has answered. */
  readonly host: () => HostTraits;
  readonly report: Report;
}

/** The same for the parts of containers/, with what they share. */
export interface Parts extends ContainersOptions {
  readonly table: ContainerTable;
  readonly mutex: KeyedMutex;
  readonly background: Background;
}
