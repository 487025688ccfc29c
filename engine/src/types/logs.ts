export type LogStream = 'stdout' | 'stderr';

export interface LogRecord {
  /** ISO 8601 with nanoseconds, UTC. */
  readonly at: string;
  readonly stream: LogStream;
  /** One line with its line feed, or a piece of a very long line without. */
  readonly data: Uint8Array;
}

/** Records in order; batches keep a million lines from being a million messages. */
export interface LogBatch {
  readonly records: readonly LogRecord[];
}
