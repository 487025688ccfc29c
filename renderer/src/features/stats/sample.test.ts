import { describe, expect, it } from 'vitest';
import { ratesOf, type Sample } from './sample.ts';

const sample = (at: number, sentBytes: number): Sample => ({
  at,
  cpu: 0,
  memoryBytes: 0,
  memoryLimitBytes: 1,
  pids: 1,
  pidsLimit: null,
  readBytes: 0,
  writtenBytes: 0,
  receivedBytes: 0,
  sentBytes,
});

describe('ratesOf', () => {
  it('is bytes a second, whatever the time between two samples', () => {
    expect(ratesOf([sample(0, 100), sample(1000, 300), sample(3000, 700)], 'sentBytes')).toEqual([
      null,
      200,
      200,
    ]);
  });

  it('knows nothing of a time that nobody watched', () => {
    expect(ratesOf([sample(0, 0), sample(60_000, 900)], 'sentBytes')).toEqual([null, null]);
  });

  it('knows nothing of the moment at which the container began anew', () => {
    expect(ratesOf([sample(0, 900), sample(1000, 10)], 'sentBytes')).toEqual([null, null]);
  });
});
