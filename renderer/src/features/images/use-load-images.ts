import { useEffect, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { ImageSummary } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { useText } from '../../messages/use-text.ts';
import { useToasts } from '../../ui/toast-store.ts';
import { closeOverlay } from '../overlays/overlay-store.ts';
import { imageName } from './image-list.ts';
import { loadArchive, type LoadRequest, type LoadStep } from './load-images.ts';

/** The archive that is on its way. */
export interface Loading {
  readonly file: File;
  readonly step: LoadStep;
}

export interface LoadingImages {
  /** Undefined while nothing is on its way. */
  readonly loading: Loading | undefined;
  readonly error: unknown;
  readonly start: (requests: readonly LoadRequest[]) => Promise<void>;
}

/** One archive after the other; when its dialog goes, what is not done is cancelled and there is nothing of it. */
export function useLoadImages(): LoadingImages {
  const t = useText();
  const engine = useEngine();
  const queries = useQueryClient();
  const [loading, setLoading] = useState<Loading | undefined>();
  const [error, setError] = useState<unknown>();
  const abort = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  const start = async (requests: readonly LoadRequest[]) => {
    const { signal } = (abort.current = new AbortController());
    setError(undefined);
    const images: ImageSummary[] = [];
    try {
      for (const request of requests) {
        const { file } = request;
        setLoading({ file, step: { sentBytes: 0, unpacking: false } });
        images.push(...(await loadArchive(engine, request, signal, (step) => setLoading({ file, step }))));
      }
      await queries.invalidateQueries({ queryKey: queryKeys.images });
      const [first] = images;
      const title =
        images.length === 1 && first !== undefined
          ? t('loadImages.doneOne', { name: imageName(first) })
          : t('loadImages.done', { count: images.length });
      useToasts.getState().show({ tone: 'ok', title });
      closeOverlay();
    } catch (thrown) {
      if (signal.aborted) return;
      setError(thrown);
      setLoading(undefined);
    }
  };
  return { loading, error, start };
}
