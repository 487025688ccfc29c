import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { NetworkDetails, NetworkSummary } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';

export function useNetworks(): UseQueryResult<readonly NetworkSummary[]> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.networkList,
    queryFn: ({ signal }) => engine.networks.list({}, { signal }),
  });
}

export function useNetworkDetails(id: string): UseQueryResult<NetworkDetails> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.network(id),
    queryFn: ({ signal }) => engine.networks.inspect({ network: id }, { signal }),
  });
}
