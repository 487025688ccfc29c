import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { EngineClient } from '@longshore/engine/contract';
import type { DockerAccess } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';

export const CONTEXT = 'longshore';

const ASK_AGAIN_MS = 5000;

/** Asked over and over while it is looked at: docker changes its own files without telling anyone. */
export function useDockerAccess(): UseQueryResult<DockerAccess> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.dockerAccess,
    queryFn: ({ signal }) => engine.docker.access({ name: CONTEXT }, { signal }),
    staleTime: 0,
    refetchInterval: ASK_AGAIN_MS,
  });
}

export interface ContextChange {
  readonly busy: boolean;
  readonly error: unknown;
  readonly change: (how: (docker: EngineClient['docker']) => Promise<DockerAccess>) => Promise<void>;
}

/** What holds afterwards is shown at once. */
export function useContextChange(): ContextChange {
  const engine = useEngine();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const change: ContextChange['change'] = async (how) => {
    setBusy(true);
    setError(undefined);
    try {
      queries.setQueryData(queryKeys.dockerAccess, await how(engine.docker));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, change };
}
