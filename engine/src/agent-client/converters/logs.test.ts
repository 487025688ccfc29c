import { describe, expect, it } from 'vitest';
import { wireMessage } from '../../testing/wire-message.ts';
import * as wire from '../generated/longshore/agent/v1/runtime.ts';
import { fromWireLogs, toWireLogs } from './logs.ts';

describe('logs on the wire', () => {
  const query = { id: 'c1', follow: true, tail: null, since: null, until: null, stdout: true, stderr: false };

  it('are asked for in full when no tail is given, and tail 0 asks for none', () => {
    expect(toWireLogs(query).tail).toBe(-1n);
    expect(toWireLogs({ ...query, tail: 0 }).tail).toBe(0n);
  });

  it('are bounded in time to the nanosecond, or not at all', () => {
    const bounded = toWireLogs({ ...query, since: '2026-01-01T00:00:00.000000001Z' });
    expect(bounded).toMatchObject({ sinceUnixNs: 1_767_225_600_000_000_001n, untilUnixNs: 0n });
  });

  it('come with their stream and their bytes', () => {
    const batch = wireMessage(wire.LogBatch, {
      records: [
        { atUnixNs: 1n, stream: wire.LogStream.LOG_STREAM_STDOUT, data: Buffer.from('out\n') },
        { atUnixNs: 2n, stream: wire.LogStream.LOG_STREAM_STDERR, data: Buffer.from('err\n') },
      ],
    });
    expect(fromWireLogs(batch).records).toEqual([
      { at: '1970-01-01T00:00:00.000000001Z', stream: 'stdout', data: Buffer.from('out\n') },
      { at: '1970-01-01T00:00:00.000000002Z', stream: 'stderr', data: Buffer.from('err\n') },
    ]);
  });
});
