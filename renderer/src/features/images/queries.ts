import { useQuery } from '@tanstack/react-query';
import { queryKeys, useEngine } from '../../bridge/index.ts';

export function useImages() {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.imageList,
    queryFn: ({ signal }) => engine.images.list({}, { signal }),
  });
}

export function useStarters() {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.starters,
    queryFn: ({ signal }) => engine.images.starters({}, { signal }),
  });
}
