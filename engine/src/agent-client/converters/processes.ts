import type { ContainerProcess, ContainerProcesses } from '../../types/index.ts';
import type * as wire from '../generated/longshore/agent/v1/processes.ts';
import { isoFromUnixNs } from './time.ts';

export function fromWireProcesses({ processes, truncated }: wire.ProcessesResponse): ContainerProcesses {
  return { processes: processes.map(fromWireProcess), truncated };
}

function fromWireProcess(process: wire.Process): ContainerProcess {
  return {
    pid: process.pid,
    parentPid: process.parentPid,
    pidInside: process.pidInside,
    uid: process.uid,
    gid: process.gid,
    tty: process.tty === '' ? null : process.tty,
    startedAt: isoFromUnixNs(process.startedAtUnixNs),
    cpuNs: Number(process.cpuNs),
    state: process.state,
    residentBytes: Number(process.residentBytes),
    virtualBytes: Number(process.virtualBytes),
    threads: process.threads,
    name: process.name,
    args: process.args,
  };
}
