import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { FileChange } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';

/** How its files differ from its image's: asked for when it is looked at, and when a person asks again. */
export function useChanges(id: string): UseQueryResult<readonly FileChange[]> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.changes(id),
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const changes: FileChange[] = [];
      for await (const batch of engine.containers.changes({ container: id }, { signal }))
        changes.push(...batch);
      return changes;
    },
  });
}
