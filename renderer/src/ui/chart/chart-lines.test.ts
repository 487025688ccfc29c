import { describe, expect, it } from 'vitest';
import { chartPaths, readableTop } from './chart-lines.ts';

const frame = { from: 0, to: 100, top: 10, width: 100, height: 50, longestGapMs: 20 };
const point = (at: number, value: number | null) => ({ at, value });

describe('chartPaths', () => {
  it('goes through every point, zero at the bottom', () => {
    expect(chartPaths([point(0, 0), point(20, 10), point(40, 5)], frame)).toEqual({
      line: 'M0 50L20 0L40 25',
      area: 'M0 50L0 50L20 0L40 25L40 50Z',
    });
  });

  it('breaks where a value or some time is missing', () => {
    const broken = chartPaths(
      [point(0, 1), point(10, 1), point(20, null), point(30, 1), point(40, 1)],
      frame,
    );
    expect(broken.line.match(/M/g)).toHaveLength(2);
    const gap = chartPaths([point(0, 1), point(10, 1), point(60, 1), point(70, 1)], frame);
    expect(gap.line.match(/M/g)).toHaveLength(2);
  });

  it('stays within the frame', () => {
    expect(chartPaths([point(0, 99), point(10, 99)], frame).line).toBe('M0 0L10 0');
  });
});

describe('readableTop', () => {
  it.each([
    [0, 1],
    [0.07, 0.1],
    [0.21, 0.25],
    [3.1, 5],
    [17, 20],
  ])('of %d is %d', (largest, top) => expect(readableTop(largest)).toBeCloseTo(top));

  it('of bytes is a round number of their unit', () => {
    expect(readableTop(180 * 1024 ** 2, 1024)).toBe(200 * 1024 ** 2);
  });
});
