import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { DiskUsage } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';

/** Measured when the page is opened and when a person asks again: it costs a walk over all files. */
export function useDiskUsage(): UseQueryResult<DiskUsage> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.diskUsage,
    queryFn: ({ signal }) => engine.system.diskUsage({}, { signal }),
  });
}
