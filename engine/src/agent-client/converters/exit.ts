import { signalName } from '../../runtime/index.ts';
import type { ContainerExit } from '../../types/index.ts';
import type * as wire from '../generated/longshore/agent/v1/runtime.ts';
import { isoFromUnixNs } from './time.ts';

export function fromWireExit(exited: wire.Exited): ContainerExit {
  return {
    code: exited.code,
    signal: fromWireSignal(exited.signal),
    oomKilled: exited.oomKilled,
    memoryPeakBytes: countOrNull(exited.memoryPeakBytes),
    memoryLimitBytes: countOrNull(exited.memoryLimitBytes),
    at: isoFromUnixNs(exited.atUnixNs),
  };
}

export function fromWireSignal(number: number): string | null {
  return number === 0 ? null : signalName(number);
}

/** Zero: the host does not count them. */
function countOrNull(bytes: bigint): number | null {
  return bytes === 0n ? null : Number(bytes);
}
