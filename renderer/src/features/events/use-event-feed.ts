import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useEngine } from '../../bridge/index.ts';
import { EventFeed, type EventFeedOptions, type FeedState } from './event-feed.ts';

export interface FollowedFeed extends FeedState {
  readonly clear: () => void;
  readonly recall: () => void;
}

/** Followed while the page is there. `options` must be the same object as long as they mean the same. */
export function useEventFeed(options: EventFeedOptions): FollowedFeed {
  const engine = useEngine();
  const feed = useMemo(() => new EventFeed(engine, options), [engine, options]);
  useEffect(() => {
    const abort = new AbortController();
    void feed.follow(abort.signal);
    return () => abort.abort();
  }, [feed]);
  const state = useSyncExternalStore(feed.subscribe, () => feed.state);
  return useMemo(() => ({ ...state, clear: () => feed.clear(), recall: () => feed.recall() }), [state, feed]);
}
