import { randomInt } from 'node:crypto';
import { ADJECTIVES, SURNAMES } from './name-words.ts';

/** Tries before a number is put behind the name. */
const PLAIN_TRIES = 8;

/** A name such as `steady_shackleton` that is not taken. */
export function generateName(taken: (name: string) => boolean): string {
  for (let attempt = 0; ; attempt += 1) {
    const name = `${pick(ADJECTIVES)}_${pick(SURNAMES)}`;
    const candidate =
      attempt < PLAIN_TRIES ? name : `${name}${randomInt(10 ** Math.min(attempt - PLAIN_TRIES + 1, 12))}`;
    if (!taken(candidate)) return candidate;
  }
}

function pick(words: readonly string[]): string {
  return words[randomInt(words.length)] ?? 'longshore';
}
