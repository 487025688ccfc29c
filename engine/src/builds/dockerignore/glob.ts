import { type CharacterClass, isInClass, readClass } from './character-class.ts';

/** What one place of a pattern takes. */
type Step =
  | { readonly kind: 'literal'; readonly code: number }
  /** `?`: anything but a slash. */
  | { readonly kind: 'any' }
  | { readonly kind: 'class'; readonly characterClass: CharacterClass }
  /** `*`: any number of characters but slashes. */
  | { readonly kind: 'star' }
  /** `**` before more: nothing, or anything up to a slash. Two places: at the entry, and inside. */
  | { readonly kind: 'folders' }
  | { readonly kind: 'inside-folders' }
  /** `**` at the end, or where a plain suffix follows the beginning: anything. */
  | { readonly kind: 'rest' };

export interface Glob {
  readonly steps: readonly Step[];
}

export interface GlobMatch {
  /** The path, or a folder it is in. */
  readonly matches: boolean;
  /** Something in the path, taken as a folder, could match. */
  readonly mayMatchBelow: boolean;
}

const SLASH = 0x2f;

/**
 * Compiles a pattern as Docker reads it: `*`, `?` and `[...]` as in Go's filepath.Match, and `**` for any number of
 * folders. Null: it is malformed.
 */
export function compileGlob(pattern: string): Glob | null {
  const characters = Array.from(pattern);
  // `**suffix` with nothing special behind it: whatever ends so, across slashes, as Docker has it.
  const isSuffix = /^\*\*[^*?[\]\\/][^*?[\]\\]*$/.test(pattern);
  const steps: Step[] = [];
  for (let at = 0; at < characters.length;) {
    const character = characters[at] ?? '';
    at++;
    if (character === '*' && characters[at] === '*') {
      at += characters[at + 1] === '/' ? 2 : 1;
      if (at >= characters.length || isSuffix) steps.push({ kind: 'rest' });
      else steps.push({ kind: 'folders' }, { kind: 'inside-folders' });
    } else if (character === '*') steps.push({ kind: 'star' });
    else if (character === '?') steps.push({ kind: 'any' });
    else if (character === '[') {
      const read = readClass(characters, at);
      if (read === null) return null;
      steps.push({ kind: 'class', characterClass: read.characterClass });
      at = read.end;
    } else {
      const literal = character === '\\' ? characters[at++] : character;
      if (literal === undefined) return null;
      steps.push({ kind: 'literal', code: literal.codePointAt(0) ?? 0 });
    }
  }
  return { steps };
}

/**
 * Walks the path once with all places of the pattern where it can be at the same time: at most path times pattern
 * steps, for every pattern.
 */
export function matchGlob({ steps }: Glob, path: string): GlobMatch {
  let places = new Set<number>();
  enter(steps, 0, places);
  for (const character of path) {
    const code = character.codePointAt(0) ?? 0;
    if (code === SLASH && places.has(steps.length)) return { matches: true, mayMatchBelow: true };
    places = advance(steps, places, code);
    if (places.size === 0) return { matches: false, mayMatchBelow: false };
  }
  const matches = places.has(steps.length);
  return { matches, mayMatchBelow: matches || advance(steps, places, SLASH).size > 0 };
}

function advance(steps: readonly Step[], places: ReadonlySet<number>, code: number): Set<number> {
  const next = new Set<number>();
  for (const place of places) {
    const step = steps[place];
    switch (step?.kind) {
      case 'literal':
        if (step.code === code) enter(steps, place + 1, next);
        break;
      case 'any':
        if (code !== SLASH) enter(steps, place + 1, next);
        break;
      case 'class':
        if (isInClass(code, step.characterClass)) enter(steps, place + 1, next);
        break;
      case 'star':
        if (code !== SLASH) enter(steps, place, next);
        break;
      case 'inside-folders':
        next.add(place);
        if (code === SLASH) enter(steps, place + 1, next);
        break;
      case 'rest':
        enter(steps, place, next);
        break;
      case 'folders':
      case undefined:
        break;
    }
  }
  return next;
}

/** Adds a place, and those that are reached from it without taking a character. */
function enter(steps: readonly Step[], place: number, places: Set<number>): void {
  for (let at = place; !places.has(at);) {
    places.add(at);
    const kind = steps[at]?.kind;
    if (kind === 'folders') {
      places.add(at + 1);
      at += 2;
    } else if (kind === 'star' || kind === 'rest') at++;
    else return;
  }
}
