import { describe, expect, it } from 'vitest';
import { mergeEnv, withDefaultEnv } from './env.ts';

describe('mergeEnv', () => {
  it('lets what was asked win, in the place of the image entry', () => {
    expect(mergeEnv(['PATH=/bin', 'A=1', 'B=2'], ['A=9', 'C=3'])).toEqual(['PATH=/bin', 'A=9', 'B=2', 'C=3']);
  });

  it('lets the later of two win and keeps everything after the first equals sign', () => {
    expect(mergeEnv([], ['A=1', 'A=x=y'])).toEqual(['A=x=y']);
  });

  it('removes by a name alone', () => {
    expect(mergeEnv(['A=1', 'B=2'], ['A'])).toEqual(['B=2']);
  });

  it('drops an entry of the image that has no value', () => {
    expect(mergeEnv(['HOME', 'A='], [])).toEqual(['A=']);
  });
});

describe('withDefaultEnv', () => {
  it('adds only the names that are missing', () => {
    expect(withDefaultEnv(['PATH=/default', 'TERM=xterm'], ['PATH=/own'])).toEqual([
      'TERM=xterm',
      'PATH=/own',
    ]);
  });
});
