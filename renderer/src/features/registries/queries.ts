import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { FoundImage, RegistrySettings, RegistrySignIn } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';

export function useSignIns(): UseQueryResult<readonly RegistrySignIn[]> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.signIns,
    queryFn: ({ signal }) => engine.registries.list({}, { signal }),
  });
}

export function useRegistrySettings(): UseQueryResult<RegistrySettings> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.registrySettings,
    queryFn: ({ signal }) => engine.registries.settings({}, { signal }),
  });
}

/** What a registry finds; nothing is asked for with an empty term. */
export function useFoundImages(term: string, insecure: boolean): UseQueryResult<readonly FoundImage[]> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.registrySearch(term),
    enabled: term !== '',
    retry: false,
    queryFn: ({ signal }) => engine.registries.search({ term, insecure }, { signal }),
  });
}

export function useTags(repository: string, insecure: boolean): UseQueryResult<readonly string[]> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.tags(repository),
    enabled: repository !== '',
    retry: false,
    queryFn: ({ signal }) => engine.registries.tags({ repository, insecure }, { signal }),
  });
}
