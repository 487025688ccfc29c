import { useSyncExternalStore } from 'react';

interface Clock {
  readonly listeners: Set<() => void>;
  now: number;
  timer: ReturnType<typeof setInterval> | undefined;
}

const clocks = new Map<number, Clock>();

function clockOf(period: number): Clock {
  let clock = clocks.get(period);
  if (clock === undefined) {
    clock = { listeners: new Set(), now: Date.now(), timer: undefined };
    clocks.set(period, clock);
  }
  return clock;
}

function subscribe(period: number, listener: () => void): () => void {
  const clock = clockOf(period);
  clock.listeners.add(listener);
  clock.timer ??= setInterval(() => {
    if (document.hidden) return;
    clock.now = Date.now();
    for (const each of clock.listeners) each();
  }, period);
  return () => {
    clock.listeners.delete(listener);
    if (clock.listeners.size > 0) return;
    clearInterval(clock.timer);
    clock.timer = undefined;
  };
}

const subscribers = new Map<number, (listener: () => void) => () => void>();

/** The time of day, one clock for all who ask; it stands still while the page is hidden. */
export function useNow(periodMs: number): number {
  let subscriber = subscribers.get(periodMs);
  if (subscriber === undefined) {
    subscriber = (listener) => subscribe(periodMs, listener);
    subscribers.set(periodMs, subscriber);
  }
  return useSyncExternalStore(subscriber, () => {
    const clock = clockOf(periodMs);
    if (clock.timer === undefined) clock.now = Math.max(clock.now, Date.now() - (Date.now() % 1000));
    return clock.now;
  });
}
