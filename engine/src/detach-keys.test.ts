import { describe, expect, it } from 'vitest';
import { DetachKeys, parseDetachKeys } from './detach-keys.ts';

const CTRL_P = 0x10;
const CTRL_Q = 0x11;

function type(keys: DetachKeys, ...bytes: number[]) {
  const { data, detached } = keys.filter(Uint8Array.from(bytes));
  return { data: [...data], detached };
}

describe('Ctrl-P Ctrl-Q', () => {
  it('detaches, also when the keys arrive apart', () => {
    const keys = new DetachKeys();
    expect(type(keys, 97, CTRL_P)).toEqual({ data: [97], detached: false });
    expect(type(keys, CTRL_Q, 98)).toEqual({ data: [], detached: true });
  });

  it('passes a lone Ctrl-P on with what follows', () => {
    const keys = new DetachKeys();
    expect(type(keys, CTRL_P, 97)).toEqual({ data: [CTRL_P, 97], detached: false });
    expect(type(keys, CTRL_P, CTRL_P, CTRL_Q)).toEqual({ data: [CTRL_P], detached: true });
  });
});

describe('other keys', () => {
  it('are written as docker writes them', () => {
    expect(parseDetachKeys('ctrl-p,ctrl-q')).toEqual([0x10, 0x11]);
    expect(parseDetachKeys('ctrl-@,x')).toEqual([0, 120]);
    expect(parseDetachKeys('ctrl-[')).toEqual([27]);
    expect(parseDetachKeys('')).toEqual([]);
    for (const wrong of ['ctrl-', 'ctrl-pp', 'xy', ',', 'ctrl-1']) {
      expect(() => parseDetachKeys(wrong)).toThrow('give keys');
    }
  });

  it('detach, and those before do not', () => {
    const keys = new DetachKeys(parseDetachKeys('ctrl-x,x'));
    expect(type(keys, CTRL_P, CTRL_Q)).toEqual({ data: [CTRL_P, CTRL_Q], detached: false });
    expect(type(keys, 24, 120)).toEqual({ data: [], detached: true });
  });

  it('that repeat themselves are found wherever they begin', () => {
    const keys = new DetachKeys(parseDetachKeys('a,a,b'));
    expect(type(keys, 97, 97, 97, 98)).toEqual({ data: [97], detached: true });
  });

  it('none of them never detach', () => {
    const keys = new DetachKeys([]);
    expect(type(keys, CTRL_P, CTRL_Q)).toEqual({ data: [CTRL_P, CTRL_Q], detached: false });
  });
});
