import { describe, expect, it } from 'vitest';
import { containerName } from '../contract/index.ts';
import { ADJECTIVES, SURNAMES } from './name-words.ts';
import { generateName } from './names.ts';

describe('generateName', () => {
  it('joins an adjective and a surname', () => {
    const [adjective, surname] = generateName(() => false).split('_');
    expect(ADJECTIVES).toContain(adjective);
    expect(SURNAMES).toContain(surname);
  });

  it('puts a number behind when the plain names are taken', () => {
    const name = generateName((candidate) => !/\d$/.test(candidate));
    expect(name).toMatch(/^[a-z]+_[a-z]+\d+$/);
  });

  it('has only words that a container may be called, each once', () => {
    for (const words of [ADJECTIVES, SURNAMES]) {
      expect(new Set(words).size).toBe(words.length);
      for (const word of words) expect(containerName.safeParse(`${word}_x`).success, word).toBe(true);
    }
  });
});
