import { describe, expect, it } from 'vitest';
import { cacheSourceOf, cacheTargetOf } from './cache-options.ts';

const name = 'registry.local:5000/team/app:cache';

describe('flags of caches', () => {
  it.each([name, `type=registry,ref=${name}`, `ref=${name},type=registry`])('are read from %s', (text) => {
    expect(cacheSourceOf(text)).toEqual({ type: 'registry', reference: name });
  });

  it.each([
    [name, { type: 'registry', reference: name }],
    [`type=registry,ref=${name},mode=max`, { type: 'registry', reference: name }],
    ['type=inline', { type: 'inline' }],
  ])('write to %s', (text, expected) => {
    expect(cacheTargetOf(text)).toEqual(expected);
  });

  it.each(['type=gha', 'type=registry', 'type=local,dest=/x'])('refuse %s', (text) => {
    expect(() => cacheSourceOf(text)).toThrow('A cache is read from');
    expect(() => cacheTargetOf(text)).toThrow('A cache is written to');
  });
});
