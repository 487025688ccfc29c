import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { BuildDetails, BuildSummary } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';

export function useBuilds(): UseQueryResult<readonly BuildSummary[]> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.buildList,
    queryFn: ({ signal }) => engine.builds.list({}, { signal }),
  });
}

export function useBuildDetails(id: string): UseQueryResult<BuildDetails> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.build(id),
    queryFn: ({ signal }) => engine.builds.inspect({ build: id }, { signal }),
  });
}
