import { create } from 'zustand';
import type { EngineClient } from '@longshore/engine/contract';
import type { PullProgress } from '@longshore/engine/types';
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

/** Starts a pull and follows it to its end, whatever the page shows meanwhile. A second one joins the first. */
export async function startPull(
  engine: EngineClient,
  reference: string,
  options: StartPullOptions = {},
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
  };
  store.set(pull);
  try {
    for await (const progress of engine.images.pull({ reference, background: true, ...options })) {
      pull = { ...pull, progress, samples: sampled(pull.samples, progress) };
      store.set(pull);
    }
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
