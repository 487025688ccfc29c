import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { type ProcessList, processRows } from './process-rows.ts';

const EVERY_MS = 2000;

/** Asked for again and again for as long as this is on a screen that somebody sees. */
export function useProcesses(id: string): UseQueryResult<ProcessList> {
  const engine = useEngine();
  const queries = useQueryClient();
  const queryKey = queryKeys.processes(id);
  return useQuery({
    queryKey,
    refetchInterval: EVERY_MS,
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const { processes, truncated } = await engine.containers.processes({ container: id }, { signal });
      const at = Date.now();
      const rows = processRows(queries.getQueryData<ProcessList>(queryKey), processes, at);
      return { at, rows, truncated };
    },
  });
}
