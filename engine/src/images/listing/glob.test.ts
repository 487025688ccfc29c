import { describe, expect, it } from 'vitest';
import { matchesGlob } from './glob.ts';

describe('a pattern of names', () => {
  it.each([
    ['debian', 'debian', true],
    ['debian', 'debian:12', false],
    ['debian:*', 'debian:12', true],
    ['*', 'debian:12', true],
    ['*', 'team/app:1', false],
    ['*/*', 'team/app:1', true],
    ['*/app:*', 'team/app:1', true],
    ['team/*pp:?', 'team/app:1', true],
    ['team/?pp', 'team//pp', false],
    ['*a*b*c', 'xxaxxbxxc', true],
    ['*a*b*c', 'xxaxxcxxb', false],
    ['app:v[0-9]*', 'app:v12', true],
    ['app:v[^0-9]', 'app:v1', false],
    ['app:v[^0-9]', 'app:vx', true],
    ['app:[\\]a]', 'app:]', true],
    ['app:\\*', 'app:*', true],
    ['app:\\*', 'app:x', false],
    ['', '', true],
    ['a**', 'abc', true],
  ])('%s and the name %s: %s', (pattern, name, matches) => {
    expect(matchesGlob(pattern, name)).toBe(matches);
  });

  it.each(['[a', '[]', 'a\\', '[b-a]', '[a-'])('%s is none', (pattern) => {
    expect(matchesGlob(pattern, 'a')).toBeNull();
  });

  it('with many stars is decided at once', () => {
    expect(matchesGlob('*a'.repeat(2000) + 'b', 'a'.repeat(4000))).toBe(false);
  });
});
