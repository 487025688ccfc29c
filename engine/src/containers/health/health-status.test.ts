import { describe, expect, it } from 'vitest';
import type { Healthcheck, HealthProbe } from '../../types/index.ts';
import { firstDelay, healthAfter, intervalOf, UNKNOWN_HEALTH } from './health-status.ts';

const START = '2026-01-01T00:00:00.000Z';
const after = (milliseconds: number) => new Date(Date.parse(START) + milliseconds);

const CHECK: Healthcheck = {
  command: ['true'],
  intervalMs: 30_000,
  timeoutMs: 30_000,
  startPeriodMs: 10_000,
  startIntervalMs: 1000,
  retries: 2,
};

function probe(exitCode: number, atMs = 20_000): HealthProbe {
  return { startedAt: after(atMs).toISOString(), endedAt: after(atMs).toISOString(), exitCode, output: '' };
}

const run = (...probes: readonly HealthProbe[]) =>
  probes.reduce((health, each) => healthAfter(health, each, CHECK, START), UNKNOWN_HEALTH);

describe('health', () => {
  it('is known with the first success, and lost after so many failures in a row', () => {
    expect(run(probe(0))).toMatchObject({ status: 'healthy', failingStreak: 0 });
    expect(run(probe(0), probe(1))).toMatchObject({ status: 'healthy', failingStreak: 1 });
    expect(run(probe(0), probe(1), probe(1))).toMatchObject({ status: 'unhealthy', failingStreak: 2 });
    expect(run(probe(1), probe(1), probe(0))).toMatchObject({ status: 'healthy', failingStreak: 0 });
  });

  it('does not count failures in the start period, until the first success', () => {
    expect(run(probe(1, 1000), probe(1, 9999))).toMatchObject({ status: 'starting', failingStreak: 0 });
    expect(run(probe(0, 1000), probe(1, 2000))).toMatchObject({ status: 'healthy', failingStreak: 1 });
  });

  it('keeps the last five results', () => {
    const { probes } = run(...[1, 2, 3, 4, 5, 6, 7].map((code) => probe(code)));
    expect(probes.map(({ exitCode }) => exitCode)).toEqual([3, 4, 5, 6, 7]);
  });
});

describe('the next probe', () => {
  it('comes sooner in the start period', () => {
    expect(intervalOf(UNKNOWN_HEALTH, CHECK, START, after(9000))).toBe(1000);
    expect(intervalOf(UNKNOWN_HEALTH, CHECK, START, after(10_000))).toBe(30_000);
    expect(intervalOf(run(probe(0)), CHECK, START, after(9000))).toBe(30_000);
  });

  it('is due at once in a container that has run for long, one interval after a start otherwise', () => {
    expect(firstDelay(CHECK, START, after(0))).toBe(1000);
    expect(firstDelay(CHECK, START, after(400))).toBe(600);
    expect(firstDelay(CHECK, START, after(3_600_000))).toBe(0);
  });

  it('is not put off by a clock that is behind', () => {
    expect(firstDelay(CHECK, START, after(-3_600_000))).toBeLessThanOrEqual(30_000);
  });
});
