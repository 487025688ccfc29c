import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { ImageSummary, StarterImage } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';

export function useImages(): UseQueryResult<readonly ImageSummary[]> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.imageList,
    queryFn: ({ signal }) => engine.images.list({}, { signal }),
  });
}

export function useStarters(): UseQueryResult<readonly StarterImage[]> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.starters,
    queryFn: ({ signal }) => engine.images.starters({}, { signal }),
  });
}
