import { describe, expect, it } from 'vitest';
import { parseChallenges } from './challenge.ts';

describe('a challenge', () => {
  it.each([
    [
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"',
      [
        {
          scheme: 'bearer',
          parameters: { realm: 'https://auth.docker.io/token', service: 'registry.docker.io' },
        },
      ],
    ],
    ['Basic realm="a, \\"b\\" = c"', [{ scheme: 'basic', parameters: { realm: 'a, "b" = c' } }]],
    ['BASIC Realm=x , Charset=UTF-8', [{ scheme: 'basic', parameters: { realm: 'x', charset: 'UTF-8' } }]],
    [
      'Negotiate, Bearer realm="https://x/t", scope="repository:a:pull,push", Basic realm="y"',
      [
        { scheme: 'negotiate', parameters: {} },
        { scheme: 'bearer', parameters: { realm: 'https://x/t', scope: 'repository:a:pull,push' } },
        { scheme: 'basic', parameters: { realm: 'y' } },
      ],
    ],
    ['', []],
    ['"nonsense"', []],
  ])('%s is read', (header, expected) => {
    expect(parseChallenges(header)).toEqual(expected);
  });

  it('of any kind of rubbish is read in reasonable time', () => {
    for (const piece of ['Bearer ', 'a="\\', 'a=b,', '",', ' = ', '\\"']) {
      expect(parseChallenges(piece.repeat(100_000)).length).toBeLessThan(10_000);
    }
  });
});
