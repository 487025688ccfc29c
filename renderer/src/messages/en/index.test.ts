import { expect, it } from 'vitest';
import { en, parts } from './index.ts';

it('has every word once, so that no part takes the words of another', () => {
  const ids = parts.flatMap((part) => Object.keys(part));
  expect(ids.toSorted()).toEqual(Object.keys(en).toSorted());
});
