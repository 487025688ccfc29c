import { describe, expect, it } from 'vitest';
import { signalName, signalNumber } from './signals.ts';

describe('signalNumber', () => {
  it.each([
    ['TERM', 15],
    ['SIGTERM', 15],
    ['sigkill', 9],
    ['9', 9],
    ['SIGRTMIN', 34],
    ['RTMIN+3', 37],
    ['RTMAX-1', 63],
    ['64', 64],
  ])('reads %s as %i', (word, number) => {
    expect(signalNumber(word)).toBe(number);
  });

  it.each(['', '0', '65', '-9', 'SIG', 'SIGNOPE', 'RTMIN-1', 'RTMAX+1', '9 ', 'constructor', '1e1'])(
    'refuses %j',
    (word) => {
      expect(signalNumber(word)).toBeNull();
    },
  );
});

describe('signalName', () => {
  it('gives the word without prefix, and reads back', () => {
    for (let number = 1; number <= 64; number += 1) {
      const name = signalName(number);
      expect(signalNumber(name)).toBe(number);
    }
    expect(signalName(9)).toBe('KILL');
    expect(signalName(6)).toBe('ABRT');
    expect(signalName(35)).toBe('RTMIN+1');
  });
});
