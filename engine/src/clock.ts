import { setTimeout as delay } from 'node:timers/promises';

/** Time as the engine's parts see it: tests hand in one that they move themselves. */
export interface Clock {
  now(): Date;
  /** Rejects with an AbortError when the signal fires. Does not keep the process alive. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds, signal) => {
    await delay(milliseconds, undefined, { ref: false, ...(signal !== undefined && { signal }) });
  },
};
