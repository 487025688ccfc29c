import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { DirectoryEntry } from '@longshore/engine/types';
import { queryKeys } from '../../bridge/index.ts';
import type { FileStore } from './file-store.ts';

/** What is in a folder: asked for when it is opened, after a change from here, and when a person asks again. */
export function useFolder(store: FileStore, path: string): UseQueryResult<readonly DirectoryEntry[]> {
  return useQuery({
    queryKey: queryKeys.folder(store.key, path),
    gcTime: 0,
    retry: false,
    queryFn: async ({ signal }) => {
      const entries: DirectoryEntry[] = [];
      for await (const batch of store.list(path, { signal })) entries.push(...batch);
      return entries;
    },
  });
}

/** Asks again for all that is known of the files, how they differ from the image, and what volumes take. */
export function useRefreshFiles(store: FileStore): () => Promise<unknown> {
  const queries = useQueryClient();
  const [kind, name = ''] = store.key;
  return useCallback(
    () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: queryKeys.files([kind ?? '', name]) }),
        queries.invalidateQueries({ queryKey: queryKeys.volumeSizes }),
        ...(kind === 'container' ? [queries.invalidateQueries({ queryKey: queryKeys.changes(name) })] : []),
      ]),
    [queries, kind, name],
  );
}
