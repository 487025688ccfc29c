import { describe, expect, it } from 'vitest';
import { extendTo, keepOnly, NOTHING_SELECTED, stepFrom, toggle } from './selection.ts';

const keys = ['a', 'b', 'c', 'd', 'e'];

describe('selection', () => {
  it('extends from where it began, in both directions', () => {
    const down = extendTo(toggle(NOTHING_SELECTED, 'b'), 'd', keys);
    expect([...down.selected]).toEqual(['b', 'c', 'd']);
    expect([...extendTo(toggle(NOTHING_SELECTED, 'd'), 'b', keys).selected].sort()).toEqual(['b', 'c', 'd']);
  });

  it('follows the rows when they change their order', () => {
    const range = extendTo(toggle(NOTHING_SELECTED, 'a'), 'e', ['e', 'a', 'b']);
    expect([...range.selected].sort()).toEqual(['a', 'e']);
  });

  it('forgets rows that are gone and is the same when none is', () => {
    const selection = toggle(toggle(NOTHING_SELECTED, 'a'), 'b');
    expect(keepOnly(selection, keys)).toBe(selection);
    expect([...keepOnly(selection, ['b']).selected]).toEqual(['b']);
    expect(keepOnly(selection, ['a']).active).toBeUndefined();
  });
});

describe('stepFrom', () => {
  it.each([
    [undefined, 'next', 'a'],
    [undefined, 'previous', 'e'],
    ['a', 'previous', 'a'],
    ['b', 'page-down', 'd'],
    ['d', 'page-down', 'e'],
    ['c', 'first', 'a'],
  ] as const)('from %s, %s is %s', (from, step, to) => expect(stepFrom(from, step, keys, 2)).toBe(to));

  it('leads nowhere in an empty list', () => expect(stepFrom(undefined, 'next', [], 2)).toBeUndefined());
});
