import { create } from 'zustand';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { EngineClient } from '@longshore/engine/contract';
import type { PullProgress } from '@longshore/engine/types';
import { queryKeys, useEngine } from '../../bridge/index.ts';
import { type SpeedSample, totalsOf, withSample } from './pull-progress.ts';

export interface PullCredentials {
  readonly username: string;
  readonly password: string;
}

/** A pull that this page has started. It goes on in the engine when the page goes. */
export interface Pull {
  /** As it was asked for; the pull's name here. */
  readonly requested: string;
  readonly startedAt: number;
  readonly progress: PullProgress | undefined;
  readonly samples: readonly SpeedSample[];
  readonly error: unknown;
  /** Its row has given way to the image's: it is done, and the list has been read since. */
  readonly listed: boolean;
}

interface Pulls {
  readonly pulls: Readonly<Record<string, Pull>>;
  /** Whose panel is open. */
  readonly shown: string | undefined;
  readonly show: (requested: string | undefined) => void;
  readonly set: (pull: Pull) => void;
  readonly forget: (requested: string) => void;
}

export const usePulls = create<Pulls>()((set) => ({
  pulls: {},
  shown: undefined,
  show: (shown) => set({ shown }),
  set: (pull) => set(({ pulls }) => ({ pulls: { ...pulls, [pull.requested]: pull } })),
  forget: (requested) =>
    set(({ pulls, shown }) => {
      const { [requested]: _forgotten, ...others } = pulls;
      return { pulls: others, shown: shown === requested ? undefined : shown };
    }),
}));

export interface StartPullOptions {
  readonly credentials?: PullCredentials;
  readonly insecure?: boolean;
}

export type StartPull = (reference: string, options?: StartPullOptions) => void;

/** Starts a pull and follows it to its end, whatever the page shows meanwhile. A second one joins the first. */
export function useStartPull(): StartPull {
  const engine = useEngine();
  const queries = useQueryClient();
  return useCallback(
    (reference, options = {}) => void followPull(engine, queries, reference, options),
    [engine, queries],
  );
}

async function followPull(
  engine: EngineClient,
  queries: QueryClient,
  reference: string,
  options: StartPullOptions,
): Promise<void> {
  const store = usePulls.getState();
  store.show(reference);
  const running = store.pulls[reference];
  if (running !== undefined && isUnderWay(running)) return;
  let pull: Pull = {
    requested: reference,
    startedAt: Date.now(),
    progress: undefined,
    samples: [],
    error: undefined,
    listed: false,
  };
  store.set(pull);
  try {
    for await (const progress of engine.images.pull({ reference, background: true, ...options })) {
      pull = { ...pull, progress, samples: sampled(pull.samples, progress) };
      store.set(pull);
    }
    await queries.invalidateQueries({ queryKey: queryKeys.imageList });
    store.set({ ...pull, listed: true });
  } catch (error) {
    store.set({ ...pull, error });
  }
}

export function isUnderWay(pull: Pull): boolean {
  return pull.error === undefined && pull.progress?.stage !== 'done';
}

/** The engine's tasks and events name a pull so. */
export function referenceOf(pull: Pull): string {
  return pull.progress?.reference ?? pull.requested;
}

function sampled(samples: readonly SpeedSample[], progress: PullProgress): readonly SpeedSample[] {
  if (progress.stage !== 'pulling') return samples;
  return withSample(samples, { at: Date.now(), bytes: totalsOf(progress.layers).doneBytes });
}
