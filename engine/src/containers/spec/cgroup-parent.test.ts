import { describe, expect, it } from 'vitest';
import { cgroupParent } from './cgroup-parent.ts';

describe('a cgroup parent', () => {
  it('is Longshore’s own folder when none is asked for', () => {
    expect([undefined, '', '/'].map((asked) => cgroupParent(asked))).toEqual(['', '', '']);
  });

  it('is relative to the roots of the hierarchies', () => {
    expect(cgroupParent('/jobs//night/')).toBe('jobs/night');
  });

  it.each(['../x', '/a/../../b', 'system.slice', 'a b', 'a\nb'])('is refused when it is %j', (asked) => {
    expect(() => cgroupParent(asked)).toThrow();
  });
});
