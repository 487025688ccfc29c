import type { LogQuery } from '../../runtime/index.ts';
import type { LogBatch } from '../../types/index.ts';
import * as wire from '../generated/longshore/agent/v1/runtime.ts';
import { isoFromUnixNs, unixNsFromIso } from './time.ts';

export function toWireLogs(query: LogQuery): wire.LogsRequest {
  return {
    id: query.id,
    follow: query.follow,
    tail: query.tail === null ? -1n : BigInt(query.tail),
    sinceUnixNs: unixNsFromIso(query.since),
    untilUnixNs: unixNsFromIso(query.until),
    stdout: query.stdout,
    stderr: query.stderr,
  };
}

export function fromWireLogs(batch: wire.LogBatch): LogBatch {
  return {
    records: batch.records.map(({ atUnixNs, stream, data }) => ({
      at: isoFromUnixNs(atUnixNs),
      stream: stream === wire.LogStream.LOG_STREAM_STDERR ? 'stderr' : 'stdout',
      data,
    })),
  };
}
