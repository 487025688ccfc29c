import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react';
import type { EngineClient } from '@longshore/engine/contract';
import type { ConnectionState, EngineConnection } from './connection.ts';

const ConnectionContext = createContext<EngineConnection | undefined>(undefined);

interface EngineProviderProps {
  readonly connection: EngineConnection;
  readonly children: ReactNode;
}

export function EngineProvider({ connection, children }: EngineProviderProps) {
  return <ConnectionContext value={connection}>{children}</ConnectionContext>;
}

export function useConnection(): EngineConnection {
  const connection = useContext(ConnectionContext);
  if (connection === undefined) throw new Error('EngineProvider is missing');
  return connection;
}

/** The engine's operations. The same object for the whole life of the page. */
export function useEngine(): EngineClient {
  return useConnection().client;
}

export function useConnectionState(): ConnectionState {
  const connection = useConnection();
  return useSyncExternalStore(connection.subscribe, () => connection.state);
}
