import { useEffect, useState } from 'react';
import type { BuildDetails } from '@longshore/engine/types';
import { useConnectionState, useEngine } from '../../bridge/index.ts';
import { type BuildView, EMPTY_VIEW, viewOf } from './build-view.ts';
import { BuildWatch } from './build-watch.ts';

export interface Watching {
  /** Undefined until its first event is here. */
  readonly watch: BuildWatch | undefined;
  readonly view: BuildView;
  readonly failure: unknown;
}

const NOTHING: Watching = { watch: undefined, view: EMPTY_VIEW, failure: undefined };

/** The build as its events tell it; until they do, as the engine described it. */
export function useBuildWatch(build: BuildDetails): Watching {
  const engine = useEngine();
  const connected = useConnectionState() === 'open';
  const [watching, setWatching] = useState(NOTHING);
  const { id } = build;
  useEffect(() => {
    if (!connected) return undefined;
    const watch = new BuildWatch({
      engine,
      build: id,
      onView: (view) => setWatching({ watch, view, failure: undefined }),
      onFailure: (failure) => setWatching((before) => ({ ...before, failure })),
    });
    void watch.follow();
    return () => watch[Symbol.dispose]();
  }, [engine, connected, id]);
  // Before the plan is known there is nothing to see in it.
  return watching.view.steps.length === 0 ? { ...watching, view: viewOf(build) } : watching;
}
