import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { followEvents, queryKeys, useConnectionState, useEngine } from '../bridge/index.ts';
import { useConnection } from '../bridge/index.ts';

const RESUME_MS = 1000;

/** Keeps what the page knows in step with the engine for as long as it is mounted. */
export function LiveState() {
  const engine = useEngine();
  const connection = useConnection();
  const state = useConnectionState();
  const queries = useQueryClient();
  useEffect(() => {
    if (state !== 'open') return undefined;
    const abort = new AbortController();
    const refresh = (keys: readonly (readonly string[])[]) =>
      Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
    const follow = async () => {
      while (!abort.signal.aborted && connection.state === 'open') {
        // What happened while nobody listened is asked for as a whole.
        void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey !== queryKeys.usage });
        try {
          await followEvents(engine, { signal: abort.signal, refresh });
        } catch {
          // The stream's end says nothing that the connection's state and the queries do not say better.
        }
        await new Promise((resolve) => setTimeout(resolve, RESUME_MS));
      }
    };
    void follow();
    return () => abort.abort();
  }, [engine, connection, state, queries]);
  return null;
}
