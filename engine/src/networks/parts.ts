import type { Report } from '../background.ts';
import type { Clock } from '../clock.ts';
import type { NewEvent } from '../events/index.ts';
import type { KeyedMutex } from '../keyed-mutex.ts';
import type { RecordStore } from '../metadata/index.ts';
import type { Agent, NetworkHost } from '../runtime/index.ts';
import type { NetworkTable } from './network-table.ts';
import type { NetworkUse } from './network-use.ts';
import type { NetworkRecord } from './record.ts';

/** What the networks of an engine work with, made by others. */
export interface NetworksOptions {
  readonly records: RecordStore<NetworkRecord>;
  readonly host: NetworkHost;
  /** Each time that it comes up it is told of all networks. */
  readonly agent: Pick<Agent, 'state' | 'onStateChange'>;
  readonly events: { publish(event: NewEvent): unknown };
  readonly clock: Clock;
  readonly use: NetworkUse;
  readonly report: Report;
}

/** The same for the parts of networks/, with what they share. */
export interface Parts extends NetworksOptions {
  readonly table: NetworkTable;
  readonly mutex: KeyedMutex;
}
