import { useMemo, useState } from 'react';
import type { EngineEvent } from '@longshore/engine/types';
import type { FollowedFeed } from './use-event-feed.ts';

export interface HeldFeed {
  readonly events: readonly EngineEvent[];
  /** The person has stopped it. */
  readonly paused: boolean;
  /** What has come since the list stands still. */
  readonly waiting: number;
  readonly setPaused: (paused: boolean) => void;
  /** Away from the newest, the list stands still as well: what is read must not move. */
  readonly setScrolled: (scrolled: boolean) => void;
  /** Grows with each release: the list begins at its top again. */
  readonly generation: number;
  /** Goes on, at the newest. */
  readonly release: () => void;
}

/** The feed as it is shown: it stands still while it is paused, and while somebody reads further down. */
export function useHeldFeed(feed: FollowedFeed): HeldFeed {
  const [paused, setPaused] = useState(false);
  const [scrolled, setScrolled] = useState(false);
  const [held, setHeld] = useState<FollowedFeed | undefined>();
  const [generation, setGeneration] = useState(0);
  const holds = paused || scrolled;
  if (holds && held === undefined) setHeld(feed);
  if (!holds && held !== undefined) setHeld(undefined);
  // What was cleared goes at once, and what comes after it is shown.
  if (held !== undefined && feed.cleared !== held.cleared) setHeld(feed);
  return useMemo(() => {
    const shown = held ?? feed;
    return {
      events: shown.events,
      paused,
      waiting: feed.total - shown.total,
      generation,
      setPaused,
      setScrolled,
      release: () => {
        setPaused(false);
        setScrolled(false);
        setGeneration(generation + 1);
      },
    };
  }, [feed, held, paused, generation]);
}
