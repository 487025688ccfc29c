import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { ImagePull } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';

const WATCH_MS = 700;

/** The engine's pulls: those that run, whoever started them, and those that stopped short. */
export function usePulls(): UseQueryResult<readonly ImagePull[]> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.pulls,
    queryFn: ({ signal }) => engine.images.pulls({}, { signal }),
    // Events tell of beginnings and ends, not of every byte between them.
    refetchInterval: ({ state }) =>
      state.data?.some(({ status }) => status === 'running') === true ? WATCH_MS : false,
  });
}
