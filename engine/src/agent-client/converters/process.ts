import type { AttachRequest, ExecRequest } from '../../runtime/index.ts';
import type { ProcessInput, ProcessOutput, TerminalSize } from '../../types/index.ts';
import type * as wire from '../generated/longshore/agent/v1/runtime.ts';
import { fromWireSignal } from './exit.ts';

export function toWireExecBegin(request: ExecRequest): wire.ExecInput {
  return {
    what: {
      $case: 'begin',
      value: {
        containerId: request.containerId,
        execId: request.execId,
        args: [...request.args],
        env: [...request.env],
        cwd: request.workingDir,
        user: request.user,
        additionalGroups: [...request.groups],
        terminal: request.terminal,
        size: request.size === null ? undefined : toWireSize(request.size),
        openStdin: request.openStdin,
        detach: request.detach,
        privileged: request.privileged,
      },
    },
  };
}

export function toWireAttachBegin(request: AttachRequest): wire.AttachInput {
  const { containerId, stdin, stdout, stderr, beforeStart } = request;
  return { what: { $case: 'begin', value: { containerId, stdin, stdout, stderr, beforeStart } } };
}

/** The same messages go into an exec and an attachment. */
export function toWireInput(input: ProcessInput): wire.ExecInput & wire.AttachInput {
  return input.kind === 'stdin'
    ? { what: { $case: 'stdin', value: asBuffer(input.data) } }
    : { what: { $case: 'resize', value: toWireSize(input.size) } };
}

export function toWireSize({ columns, rows }: TerminalSize): wire.TerminalSize {
  return { columns, rows };
}

/** Null for a message that this engine does not know yet. */
export function fromWireOutput({ what }: wire.ProcessOutput): ProcessOutput | null {
  switch (what?.$case) {
    case 'attached':
      return { kind: 'ready', pid: null };
    case 'started':
      return { kind: 'ready', pid: what.value.pid };
    case 'stdout':
      return { kind: 'stdout', data: what.value };
    case 'stderr':
      return { kind: 'stderr', data: what.value };
    case 'exited':
      return { kind: 'exited', code: what.value.code, signal: fromWireSignal(what.value.signal) };
    case undefined:
      return null;
  }
}

function asBuffer(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
