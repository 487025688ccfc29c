import { describe, expect, it } from 'vitest';
import { DetachKeys } from './detach-keys.ts';

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
