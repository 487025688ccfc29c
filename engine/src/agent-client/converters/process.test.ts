import { describe, expect, it } from 'vitest';
import { wireMessage } from '../../testing/wire-message.ts';
import * as wire from '../generated/longshore/agent/v1/runtime.ts';
import { fromWireOutput, toWireAttachBegin, toWireExecBegin, toWireInput } from './process.ts';

const output = (what: wire.ProcessOutput['what']) => fromWireOutput({ what });

describe('an exec on the wire', () => {
  const request = {
    containerId: 'c1',
    execId: 'e1',
    args: ['ls', '-l'],
    env: ['A=1'],
    workingDir: '/srv',
    user: 'app',
    groups: ['audio'],
    terminal: true,
    size: { columns: 80, rows: 24 },
    openStdin: true,
    detach: false,
    privileged: false,
  };

  it('begins with all that was asked for', () => {
    const bytes = wire.ExecInput.encode(toWireExecBegin(request)).finish();
    const { workingDir, groups, ...same } = request;
    expect(wire.ExecInput.decode(bytes).what).toMatchObject({
      $case: 'begin',
      value: { ...same, cwd: workingDir, additionalGroups: groups },
    });
  });

  it('leaves the size out where there is no terminal', () => {
    expect(toWireExecBegin({ ...request, size: null }).what).toMatchObject({ value: { size: undefined } });
  });
});

it('an attachment begins with the streams that were asked for', () => {
  const request = { containerId: 'c1', stdin: true, stdout: true, stderr: false, beforeStart: true };
  expect(toWireAttachBegin(request).what).toEqual({ $case: 'begin', value: request });
});

describe('input on the wire', () => {
  it('is exactly the bytes of the view, not of the memory behind it', () => {
    const memory = new TextEncoder().encode('before-ahoy-after');
    const message = toWireInput({ kind: 'stdin', data: memory.subarray(7, 11) });
    const decoded = wire.ExecInput.decode(wire.ExecInput.encode(message).finish());
    expect(decoded.what?.$case === 'stdin' && decoded.what.value.toString()).toBe('ahoy');
  });

  it('tells a new size of the terminal', () => {
    expect(toWireInput({ kind: 'resize', size: { columns: 120, rows: 40 } }).what).toEqual({
      $case: 'resize',
      value: { columns: 120, rows: 40 },
    });
  });
});

describe('output from the wire', () => {
  it('is ready with the pid of a process, and without one for an attachment', () => {
    const started = wireMessage(wire.ProcessOutput, {
      what: { $case: 'started', value: { pid: 7, atUnixNs: 0n } },
    });
    const attached = wireMessage(wire.ProcessOutput, { what: { $case: 'attached', value: {} } });
    expect(fromWireOutput(started)).toEqual({ kind: 'ready', pid: 7 });
    expect(fromWireOutput(attached)).toEqual({ kind: 'ready', pid: null });
  });

  it('keeps the two streams apart', () => {
    const data = Buffer.from('ahoy');
    expect(output({ $case: 'stdout', value: data })).toEqual({ kind: 'stdout', data });
    expect(output({ $case: 'stderr', value: data })).toEqual({ kind: 'stderr', data });
  });

  it('ends with the code, and with the name of the signal if there was one', () => {
    const exited = (code: number, signal: number) =>
      fromWireOutput(wireMessage(wire.ProcessOutput, { what: { $case: 'exited', value: { code, signal } } }));
    expect(exited(3, 0)).toEqual({ kind: 'exited', code: 3, signal: null });
    expect(exited(137, 9)).toEqual({ kind: 'exited', code: 137, signal: 'KILL' });
  });

  it('of a kind that this engine does not know yet is passed over', () => {
    expect(output(undefined)).toBeNull();
  });
});
