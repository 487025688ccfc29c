import { describe, expect, it } from 'vitest';
import { parsePermissions } from './permissions.ts';

const FILE = 0o100_000;
const FOLDER = 0o040_000;

describe('permissions of --chmod', () => {
  it.each([
    ['0600', FILE | 0o755, 0o600],
    ['4755', FILE | 0o644, 0o4755],
    ['u=rwX,go=rX', FILE | 0o600, 0o644],
    ['u=rwX,go=rX', FILE | 0o700, 0o755],
    ['u=rwX,go=rX', FOLDER | 0o600, 0o755],
    ['u=g', FILE | 0o640, 0o440],
    ['g=u', FILE | 0o640, 0o660],
    ['o=u,o-w', FILE | 0o640, 0o644],
    ['go+u', FILE | 0o700, 0o777],
    ['u+r-w', FILE | 0o200, 0o400],
    ['a=r+X', FILE | 0o711, 0o444],
    ['g=u-w', FILE | 0o600, 0o640],
    ['+x', FILE | 0o644, 0o755],
    ['u=,g=r', FILE | 0o777, 0o047],
    ['u+s', FILE | 0o755, 0o4755],
    ['a-s,+t', FILE | 0o6755, 0o1755],
  ])('%s makes of %o %o', (text, mode, expected) => {
    expect(parsePermissions(text)(mode)).toBe(expected);
  });

  it.each(['', 'u', 'u=rq', 'x+r', 'u=gr', 'u+r,', '8', '0o644', '777777'])('are not "%s"', (text) => {
    const refusal = { code: 'invalid-argument', detail: { step: 'chmod', path: text } };
    expect(() => parsePermissions(text)).toThrow(expect.objectContaining(refusal));
  });
});
