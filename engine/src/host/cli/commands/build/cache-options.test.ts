import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheSourceOf, cacheTargetOf } from './cache-options.ts';

const name = 'registry.local:5000/team/app:cache';

describe('flags of caches', () => {
  it.each([name, `type=registry,ref=${name}`, `ref=${name},type=registry`])('are read from %s', (text) => {
    expect(cacheSourceOf(text)).toEqual({ type: 'registry', reference: name });
  });

  it('are folders of this machine, from here', () => {
    expect(cacheSourceOf('type=local,src=in/here')).toEqual({ type: 'local', path: resolve('in/here') });
    expect(cacheTargetOf('type=local,dest=/to,mode=max')).toEqual({ type: 'local', path: '/to' });
  });

  it.each([
    [name, { type: 'registry', reference: name }],
    [`type=registry,ref=${name},mode=max`, { type: 'registry', reference: name }],
    ['type=inline', { type: 'inline' }],
  ])('write to %s', (text, expected) => {
    expect(cacheTargetOf(text)).toEqual(expected);
  });

  it.each(['type=gha', 'type=registry', 'type=local', 'type=local,ref=x'])('refuse %s', (text) => {
    expect(() => cacheSourceOf(text)).toThrow('A cache is read from');
    expect(() => cacheTargetOf(text)).toThrow('A cache is written to');
  });
});
