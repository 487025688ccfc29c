import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { ImageDetails, ImageSummary, StarterImage } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { runConcurrently } from '../../lib/run-concurrently.ts';
import { imageName } from './image-list.ts';

export function useImages(): UseQueryResult<readonly ImageSummary[]> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.imageList,
    queryFn: ({ signal }) => engine.images.list({}, { signal }),
  });
}

export function useImageDetails(id: string): UseQueryResult<ImageDetails> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.image(id),
    queryFn: ({ signal }) => engine.images.inspect({ image: id }, { signal }),
  });
}

/** By the ChainID of a layer, the other images that it is part of. */
export type LayerSharing = ReadonlyMap<string, readonly string[]>;

/** Beyond this many images the question costs more than its answer is worth. */
const MOST_COMPARED = 200;
const AT_ONCE = 4;

/** Which layers of an image others have as well; of more images than can be asked, nothing. */
export function useLayerSharing(id: string): UseQueryResult<LayerSharing> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.layerSharing(id),
    queryFn: async ({ signal }) => {
      const sharing = new Map<string, string[]>();
      const others = (await engine.images.list({}, { signal })).filter((image) => image.id !== id);
      if (others.length > MOST_COMPARED) return sharing;
      // One that cannot be read, or is gone by now, shares nothing that could be told.
      await runConcurrently(others, AT_ONCE, async (other) => {
        const { layers } = await engine.images.inspect({ image: other.id }, { signal });
        for (const chainId of new Set(layers.map((layer) => layer.chainId))) {
          sharing.set(chainId, [...(sharing.get(chainId) ?? []), imageName(other)]);
        }
      });
      return sharing;
    },
  });
}

export function useStarters(): UseQueryResult<readonly StarterImage[]> {
  const engine = useEngine();
  return useQuery({
    queryKey: queryKeys.starters,
    queryFn: ({ signal }) => engine.images.starters({}, { signal }),
  });
}
