import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { SystemInfo, SystemUsage } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { reportError } from '../../lib/report-error.ts';

export function useSystemInfo(): UseQueryResult<SystemInfo> {
  const engine = useEngine();
  return useQuery({ queryKey: queryKeys.info, queryFn: ({ signal }) => engine.system.info({}, { signal }) });
}

const USAGE_EVERY_MS = 3000;

/** Sampled only while the window is in sight. */
export function useSystemUsage(): UseQueryResult<SystemUsage> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.usage,
    queryFn: ({ signal }) => engine.system.usage({}, { signal }),
    refetchInterval: USAGE_EVERY_MS,
    refetchIntervalInBackground: false,
  });
}

export function useStartAgent(): UseMutationResult<SystemInfo, Error, void> {
  const engine = useEngine();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => engine.system.startAgent({}),
    onSuccess: () => queries.invalidateQueries(),
    onError: (error) => reportError(error),
  });
}
