import { describe, expect, it } from 'vitest';
import { nextBackOff, restartsAfter, startsWithEngine } from './restart-policy.ts';

const policy = (name: 'no' | 'always' | 'unless-stopped' | 'on-failure', maximumRetries = 0) => ({
  name,
  maximumRetries,
});

describe('the back-off', () => {
  it('doubles from 100 ms to a minute', () => {
    const waits: number[] = [];
    for (let wait: number | null = null; waits.length < 12; waits.push(wait)) wait = nextBackOff(wait, 0);
    expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000, 60_000]);
  });

  it('begins anew after a run of ten seconds', () => {
    expect(nextBackOff(6400, 9_999)).toBe(12_800);
    expect(nextBackOff(6400, 10_000)).toBe(100);
  });
});

describe('a restart policy', () => {
  it.each([
    [policy('no'), 1, 0, false],
    [policy('always'), 0, 99, true],
    [policy('unless-stopped'), 0, 99, true],
    [policy('on-failure'), 0, 0, false],
    [policy('on-failure'), 1, 99, true],
    [policy('on-failure', 3), 1, 2, true],
    [policy('on-failure', 3), 1, 3, false],
  ])('%j after exit code %i and %i restarts: %s', (asked, exitCode, restartCount, expected) => {
    expect(restartsAfter(asked, { exitCode, restartCount })).toBe(expected);
  });

  it('is held back by a stop by hand when the engine starts, but for `always`', () => {
    const failed = { exitCode: 137, restartCount: 0 };
    expect(startsWithEngine(policy('always'), failed, true)).toBe(true);
    expect(startsWithEngine(policy('unless-stopped'), failed, true)).toBe(false);
    expect(startsWithEngine(policy('on-failure'), failed, true)).toBe(false);
    expect(startsWithEngine(policy('unless-stopped'), failed, false)).toBe(true);
  });
});
