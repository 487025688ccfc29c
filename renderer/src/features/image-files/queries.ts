import { useQueries, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { EngineClient } from '@longshore/engine/contract';
import type {
  ImageDetails,
  ImageFileDifference,
  ImageFileOrigin,
  ImageLayerFile,
} from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';

/** What is read of a layer stays for a while: a layer never changes, and reading it costs its inflation. */
const KEEP_MS = 5 * 60_000;

function layerQuery(engine: EngineClient, image: string, layer: string) {
  return {
    queryKey: queryKeys.layerFiles(image, layer),
    staleTime: Infinity,
    gcTime: KEEP_MS,
    retry: false,
    queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
      gathered<ImageLayerFile>(engine.images.layerFiles({ image, layer }, { signal })),
  };
}

export interface LayersRead {
  /** Of the layers asked for, the lowest first; undefined until all are read. */
  readonly layers: readonly (readonly ImageLayerFile[])[] | undefined;
  readonly readCount: number;
  readonly error: unknown;
  readonly again: () => void;
}

export function useLayerFiles({ id }: ImageDetails, layers: readonly string[]): LayersRead {
  const engine = useEngine();
  return useQueries({
    queries: layers.map((layer) => layerQuery(engine, id, layer)),
    combine: (results) => {
      const read = results.flatMap(({ data }) => (data === undefined ? [] : [data]));
      const failed = results.find(({ error }) => error !== null);
      return {
        layers: read.length === results.length ? read : undefined,
        readCount: read.length,
        error: failed?.error ?? undefined,
        again: () => void failed?.refetch(),
      };
    },
  });
}

/** The layers that have something to say of a path, uppermost first. */
export function useFileOrigins(image: string, path: string): UseQueryResult<readonly ImageFileOrigin[]> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.fileOrigins(image, path),
    staleTime: Infinity,
    retry: false,
    queryFn: async ({ signal }) => {
      const origins: ImageFileOrigin[] = [];
      for await (const origin of engine.images.fileOrigins({ image, path }, { signal })) origins.push(origin);
      return origins;
    },
  });
}

/** How the files of `other` differ from those of `image`; nothing is asked for while there is no other. */
export function useImageDiff(image: string, other: string): UseQueryResult<readonly ImageFileDifference[]> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.imageDiff(image, other),
    enabled: other !== '',
    staleTime: Infinity,
    gcTime: KEEP_MS,
    retry: false,
    queryFn: ({ signal }) => gathered(engine.images.diff({ image, other }, { signal })),
  });
}

async function gathered<T>(batches: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const batch of batches) for (const item of batch) all.push(item);
  return all;
}
