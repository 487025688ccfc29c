import { useCallback } from 'react';
import { useSearchParams } from 'react-router';
import { cleanPath } from './paths.ts';

/** The folder that is open: a part of the address, so that Back leads to the one before. */
export function useFolderPath(): { readonly folder: string; readonly goTo: (folder: string) => void } {
  const [params, setParams] = useSearchParams();
  const goTo = useCallback(
    (folder: string) =>
      setParams((before) => {
        const after = new URLSearchParams(before);
        if (folder === '/') after.delete('path');
        else after.set('path', folder);
        return after;
      }),
    [setParams],
  );
  return { folder: cleanPath(params.get('path')), goTo };
}
