import { describe, expect, it } from 'vitest';
import { wireMessage } from '../../testing/wire-message.ts';
import * as wire from '../generated/longshore/agent/v1/runtime.ts';
import { fromWireEvent, fromWireListing } from './event.ts';

const AT_NS = 1_767_225_600_000_000_000n;
const AT = '2026-01-01T00:00:00.000000000Z';

const event = (what: wire.Event['what']) =>
  fromWireEvent(wireMessage(wire.Event, { seq: 5n, atUnixNs: AT_NS, id: 'c1', what }));
const exited = wireMessage(wire.Exited, { code: 137, signal: 9, oomKilled: true, atUnixNs: AT_NS });
const exit = {
  code: 137,
  signal: 'KILL',
  oomKilled: true,
  memoryPeakBytes: null,
  memoryLimitBytes: null,
  at: AT,
};

describe('an event from the wire', () => {
  const base = { seq: 5, at: AT, id: 'c1' };

  it('tells of a start, an exit and a lack of memory', () => {
    expect(event({ $case: 'started', value: wireMessage(wire.Started, { pid: 42 }) })).toEqual({
      ...base,
      kind: 'started',
      pid: 42,
    });
    expect(event({ $case: 'exited', value: exited })).toEqual({ ...base, kind: 'exited', exit });
    expect(event({ $case: 'oom', value: {} })).toEqual({ ...base, kind: 'oom' });
  });

  it('has memory in an exit where the host counts it', () => {
    const counted = { ...exited, memoryPeakBytes: 5_000_000_000n, memoryLimitBytes: 6_000_000_000n };
    expect(event({ $case: 'exited', value: counted })).toMatchObject({
      exit: { memoryPeakBytes: 5_000_000_000, memoryLimitBytes: 6_000_000_000 },
    });
  });

  it('of a kind that this engine does not know yet is passed over', () => {
    expect(event(undefined)).toBeNull();
  });
});

describe('a listing from the wire', () => {
  const listed = (status: Partial<wire.ContainerStatus>) => {
    const containers = [wireMessage(wire.ContainerStatus, { id: 'c1', startedAtUnixNs: AT_NS, ...status })];
    return fromWireListing(wireMessage(wire.ListResponse, { containers, asOfSeq: 9n }));
  };

  it('has the pid of what runs, whatever became of an earlier run', () => {
    expect(listed({ state: wire.RunState.RUN_STATE_RUNNING, pid: 42, exited })).toMatchObject({
      containers: [{ id: 'c1', running: true, pid: 42, startedAt: AT, exit: null }],
      asOfSeq: 9,
    });
  });

  it('has the exit of what does not run, and never a pid that may be another’s by now', () => {
    expect(listed({ state: wire.RunState.RUN_STATE_EXITED, pid: 42, exited }).containers).toMatchObject([
      { running: false, pid: 0, exit },
    ]);
  });
});
