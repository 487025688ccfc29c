import { describe, expect, it } from 'vitest';
import { toContainerFilters, toPruneFilters } from './filters.ts';

describe('--filter', () => {
  it('is gathered by its key', () => {
    expect(
      toContainerFilters([
        'status=exited',
        'status=paused',
        'label=a=b',
        'exited=3',
        'since=web',
        'health=none',
      ]),
    ).toEqual({
      status: ['exited', 'paused'],
      label: ['a=b'],
      exited: [3],
      since: 'web',
      health: ['none'],
    });
    expect(toPruneFilters(['label=a', 'label!=keep', 'until=2026-01-31T12:00:00Z'])).toEqual({
      labels: ['a'],
      labelsNot: ['keep'],
      until: '2026-01-31T12:00:00.000Z',
    });
  });

  it.each(['status', 'status=dead', 'colour=red', 'health=good', '=x'])('refuses %s', (value) => {
    expect(() => toContainerFilters([value])).toThrow();
  });

  it('of another kind is refused by prune', () => {
    expect(() => toPruneFilters(['status=exited'])).toThrow('There is no filter "status".');
  });
});
