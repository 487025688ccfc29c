import { LIMITS } from '../limits.ts';
import { Reason } from '../problems/reason.ts';

/** A character, or one of the two wildcards. */
type Token = { readonly kind: 'literal'; readonly character: string } | { readonly kind: 'any' };

/**
 * A shell pattern: `*` any characters, `?` one, a backslash takes their meaning away. It is kept as the runs between
 * the stars; they are found one after the other, each at its first place (the last at its last one for the longest
 * match), so nothing is ever tried twice.
 */
export interface Pattern {
  readonly runs: readonly (readonly Token[])[];
}

/** Steps that are left to a word; shared by all of its patterns. */
export interface Budget {
  steps: number;
}

export function newBudget(): Budget {
  return { steps: LIMITS.patternSteps };
}

export function parsePattern(text: string): Pattern {
  const runs: Token[][] = [[]];
  const characters = Array.from(text);
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? '';
    const run = runs.at(-1);
    if (character === '*') runs.push([]);
    else if (character === '?') run?.push({ kind: 'any' });
    else if (character === '\\') run?.push({ kind: 'literal', character: escaped(characters[++at]) });
    else run?.push({ kind: 'literal', character });
  }
  return { runs };
}

/** `}` and `/` need the backslash because of what is around the pattern. */
function escaped(character: string | undefined): string {
  if (character !== undefined && '*?\\}/'.includes(character)) return character;
  throw new Reason(
    `The pattern has "\\${character ?? ''}".`,
    'A backslash stands before * ? \\ } or / only.',
  );
}

/** `${value#pattern}`, `${value##pattern}`. */
export function withoutPrefix(value: string, pattern: Pattern, longest: boolean, budget: Budget): string {
  const characters = Array.from(value);
  const end = matchEnd(pattern, characters, 0, { longest, budget });
  return end === null ? value : characters.slice(end).join('');
}

/** `${value%pattern}`, `${value%%pattern}`: the same, read from the end. */
export function withoutSuffix(value: string, pattern: Pattern, longest: boolean, budget: Budget): string {
  const characters = Array.from(value).reverse();
  const mirrored = { runs: pattern.runs.map((run) => run.toReversed()).reverse() };
  const end = matchEnd(mirrored, characters, 0, { longest, budget });
  return end === null ? value : characters.slice(end).reverse().join('');
}

/** `${value/pattern/text}`, and with `all` `${value//pattern/text}`; each match is the longest at the first place. */
export function withReplaced(
  value: string,
  pattern: Pattern,
  replacement: string,
  { all, budget }: { readonly all: boolean; readonly budget: Budget },
): string {
  const characters = Array.from(value);
  const parts: string[] = [];
  let copied = 0;
  let length = 0;
  let lastEnd: number | null = null;
  for (let from = 0; from <= characters.length;) {
    const match = findMatch(pattern, characters, from, budget);
    if (match === null) break;
    // An empty match right behind a match is none.
    if (match.end > match.start || match.start !== lastEnd) {
      parts.push(characters.slice(copied, match.start).join(''), replacement);
      length += replacement.length;
      if (length > LIMITS.expansion) throw new Reason(`A value grows beyond ${LIMITS.expansion} characters.`);
      copied = match.end;
      lastEnd = match.end;
      if (!all) break;
    }
    from = Math.max(match.end, match.start + (match.end > match.start ? 0 : 1));
  }
  return parts.join('') + characters.slice(copied).join('');
}

function findMatch(
  pattern: Pattern,
  value: readonly string[],
  from: number,
  budget: Budget,
): { readonly start: number; readonly end: number } | null {
  const start = find(pattern.runs[0] ?? [], value, from, budget);
  if (start === null) return null;
  // When the rest finds no place behind this start, it finds none behind a later one.
  const end = matchEnd(pattern, value, start, { longest: true, budget });
  return end === null ? null : { start, end };
}

/** Where a match that begins at `start` ends; null: none begins there. */
function matchEnd(
  { runs }: Pattern,
  value: readonly string[],
  start: number,
  { longest, budget }: { readonly longest: boolean; readonly budget: Budget },
): number | null {
  const [first = [], ...others] = runs;
  if (!matchesAt(first, value, start, budget)) return null;
  let at = start + first.length;
  for (const [index, run] of others.entries()) {
    const isLast = index === others.length - 1;
    const found: number | null =
      isLast && longest ? findLast(run, value, at, budget) : find(run, value, at, budget);
    if (found === null) return null;
    at = found + run.length;
  }
  return at;
}

function find(run: readonly Token[], value: readonly string[], from: number, budget: Budget): number | null {
  for (let at = from; at + run.length <= value.length; at++) if (matchesAt(run, value, at, budget)) return at;
  return null;
}

function findLast(
  run: readonly Token[],
  value: readonly string[],
  from: number,
  budget: Budget,
): number | null {
  for (let at = value.length - run.length; at >= from; at--) if (matchesAt(run, value, at, budget)) return at;
  return null;
}

function matchesAt(run: readonly Token[], value: readonly string[], at: number, budget: Budget): boolean {
  if (at + run.length > value.length) return false;
  let compared = 0;
  const matches = run.every((token, index) => {
    compared++;
    return token.kind === 'any' || token.character === value[at + index];
  });
  budget.steps -= compared + 1;
  if (budget.steps < 0) throw new Reason('The patterns of this word take too long.', 'Use shorter patterns.');
  return matches;
}
