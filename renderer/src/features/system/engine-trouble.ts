import type { WireError } from '@longshore/engine/errors';
import type { SystemInfo } from '@longshore/engine/types';
import { type ConnectionState, useConnectionState } from '../../bridge/index.ts';
import { useSystemInfo } from './queries.ts';

/** Why containers cannot be worked with at the moment; undefined when they can. */
export type EngineTrouble =
  | { readonly kind: 'no-engine' }
  | { readonly kind: 'starting'; readonly step: string }
  | { readonly kind: 'no-agent'; readonly error: WireError };

export function engineTrouble(
  connection: ConnectionState,
  info: SystemInfo | undefined,
): EngineTrouble | undefined {
  if (connection === 'lost' || connection === 'refused') return { kind: 'no-engine' };
  if (info === undefined || info.agent.status === 'running') return undefined;
  return info.agent.status === 'starting'
    ? { kind: 'starting', step: info.agent.step }
    : { kind: 'no-agent', error: info.agent.error };
}

export function useEngineTrouble(): EngineTrouble | undefined {
  const connection = useConnectionState();
  const info = useSystemInfo();
  return engineTrouble(connection, info.data);
}
