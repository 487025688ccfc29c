import { expect, it } from 'vitest';
import { ManualClock } from '../testing/clock/manual-clock.ts';
import { Throttle } from './throttle.ts';

const { signal } = new AbortController();

it('all downloads together stay below the rate, which may change at any time', async () => {
  const clock = new ManualClock();
  let rate: number | null = 1000;
  const throttle = new Throttle(clock, () => rate);
  // A quarter of a second is free for who has not taken anything yet.
  await throttle.take(250, signal);
  const first = throttle.take(1000, signal);
  const second = throttle.take(500, signal);
  await clock.asleepFor(1000);
  await clock.asleepFor(1500);
  clock.advance(1000);
  await first;
  clock.advance(500);
  await second;
  rate = null;
  await throttle.take(1_000_000, signal);
  expect(clock.sleeping).toBe(0);
});

it('who waits can be called off', async () => {
  const clock = new ManualClock();
  const throttle = new Throttle(clock, () => 1);
  const abort = new AbortController();
  const waiting = throttle.take(1000, abort.signal);
  abort.abort();
  await expect(waiting).rejects.toThrow('aborted');
});
