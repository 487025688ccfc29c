import { describe, expect, it } from 'vitest';
import { joinWords, splitWords } from './shell-words.ts';

describe('splitWords', () => {
  it('splits as a shell does, without expanding anything', () => {
    expect(splitWords(String.raw`sh -c 'echo "$HOME"' a\ b "x\"y" ''`)).toEqual({
      ok: true,
      words: ['sh', '-c', 'echo "$HOME"', 'a b', 'x"y', ''],
    });
  });

  it('refuses what is not finished', () => {
    for (const line of ["echo 'a", 'echo "a', 'echo \\']) expect(splitWords(line).ok).toBe(false);
  });
});

describe('joinWords', () => {
  it('writes words that split back to themselves', () => {
    const words = ['sh', '-c', `it's "here" $HOME \\ *`, '', 'plain-word_1.0', 'a b', 'ü'];
    expect(splitWords(joinWords(words))).toEqual({ ok: true, words });
  });
});
