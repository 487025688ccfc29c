import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { TrashedVolume, Volume, VolumeUsage } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';

export function useVolumes(): UseQueryResult<readonly Volume[]> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.volumeList,
    queryFn: ({ signal }) => engine.volumes.list({}, { signal }),
  });
}

export function useVolume(name: string): UseQueryResult<Volume> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.volume(name),
    queryFn: ({ signal }) => engine.volumes.inspect({ volume: name }, { signal }),
  });
}

export function useTrash(): UseQueryResult<readonly TrashedVolume[]> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.trash,
    queryFn: ({ signal }) => engine.volumes.trash({}, { signal }),
  });
}

/** By volume. */
export type VolumeSizes = ReadonlyMap<string, VolumeUsage>;

const FRESH_MS = 15_000;

/** What the volumes take: a walk over all their files, so it is done for who looks, and not again at once. */
export function useVolumeSizes(names: readonly string[]): UseQueryResult<VolumeSizes> {
  const engine = useEngine();
  return useQuery({
    queryKey: [...queryKeys.volumeSizes, ...names],
    enabled: names.length > 0,
    staleTime: FRESH_MS,
    placeholderData: (before) => before,
    queryFn: async ({ signal }): Promise<VolumeSizes> => {
      const sizes = new Map<string, VolumeUsage>();
      for await (const usage of engine.volumes.usage({ volumes: [...names] }, { signal })) {
        sizes.set(usage.volume, usage);
      }
      return sizes;
    },
  });
}
