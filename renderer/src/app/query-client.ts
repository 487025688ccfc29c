import { onlineManager, QueryClient } from '@tanstack/react-query';
import { isEngineError } from '@longshore/engine/errors';
import type { EngineConnection } from '../bridge/index.ts';

/** Questions wait while there is no connection, and are asked when it is back; they do not fail for it. */
export function createQueryClient(connection: EngineConnection): QueryClient {
  onlineManager.setEventListener((setOnline) => {
    setOnline(connection.state === 'open');
    return connection.subscribe(() => setOnline(connection.state === 'open'));
  });
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Infinity,
        refetchOnWindowFocus: false,
        retry: (count, error) => isEngineError(error, 'unavailable') && count < 2,
      },
      // A person's action fails at once when it cannot be done, and is never done later behind their back.
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
