import { useCallback, useSyncExternalStore } from 'react';
import { useEngine } from '../../bridge/index.ts';
import type { Sample } from './sample.ts';
import { statsFeedOf } from './stats-feed.ts';

const NOTHING: readonly Sample[] = [];
const idle = () => () => undefined;

/** What the container has used lately, live for as long as this is on the screen. Undefined: watches nothing. */
export function useSamples(id: string | undefined): readonly Sample[] {
  const feed = statsFeedOf(useEngine());
  const watch = useCallback((changed: () => void) => feed.watch(id ?? '', changed), [feed, id]);
  return useSyncExternalStore(id === undefined ? idle : watch, () =>
    id === undefined ? NOTHING : feed.samples(id),
  );
}
