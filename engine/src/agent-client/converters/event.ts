import type { RuntimeContainer, RuntimeEvent, RuntimeListing } from '../../runtime/index.ts';
import * as wire from '../generated/longshore/agent/v1/runtime.ts';
import { fromWireExit, fromWireSignal } from './exit.ts';
import { fromWireAddress, fromWirePort } from './network.ts';
import { isoFromUnixNs } from './time.ts';

/** Null for a kind of event that this engine does not know yet. */
export function fromWireEvent(event: wire.Event): RuntimeEvent | null {
  const base = { seq: Number(event.seq), at: isoFromUnixNs(event.atUnixNs), id: event.id };
  const { what } = event;
  switch (what?.$case) {
    case 'started':
      return { ...base, kind: 'started', pid: what.value.pid };
    case 'exited':
      return { ...base, kind: 'exited', exit: fromWireExit(what.value) };
    case 'oom':
    case 'paused':
    case 'resumed':
      return { ...base, kind: what.$case };
    case 'execExited': {
      const { execId, code, signal } = what.value;
      return { ...base, kind: 'exec-exited', execId, code, signal: fromWireSignal(signal) };
    }
    case undefined:
      return null;
  }
}

export function fromWireListing(response: wire.ListResponse): RuntimeListing {
  return { containers: response.containers.map(fromWireStatus), asOfSeq: Number(response.asOfSeq) };
}

function fromWireStatus(status: wire.ContainerStatus): RuntimeContainer {
  const running = status.state === wire.RunState.RUN_STATE_RUNNING;
  return {
    id: status.id,
    running,
    paused: running && status.paused,
    pid: running ? status.pid : 0,
    startedAt: isoFromUnixNs(status.startedAtUnixNs),
    exit: running || status.exited === undefined ? null : fromWireExit(status.exited),
    addresses: status.addresses.map(fromWireAddress),
    ports: status.ports.map(fromWirePort),
  };
}
