import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { ContainerDetails, ContainerSummary } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';

/** All containers, kept fresh by the engine's events. */
export function useContainers(): UseQueryResult<readonly ContainerSummary[]> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.containerList,
    queryFn: ({ signal }) => engine.containers.list({ all: true }, { signal }),
  });
}

export function useContainerDetails(id: string): UseQueryResult<ContainerDetails> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.container(id),
    queryFn: ({ signal }) => engine.containers.inspect({ container: id }, { signal }),
  });
}
