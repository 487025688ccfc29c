/** `[a-z]`, `[^x]`: ranges of code points. */
export interface CharacterClass {
  readonly negated: boolean;
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/** The class that begins behind a `[` at `from`, and the index behind its `]`; null: it is malformed. */
export function readClass(
  characters: readonly string[],
  from: number,
): { readonly characterClass: CharacterClass; readonly end: number } | null {
  const negated = characters[from] === '^';
  const ranges: (readonly [number, number])[] = [];
  let at = negated ? from + 1 : from;
  while (characters[at] !== ']' || ranges.length === 0) {
    const low = readEnd(characters, at);
    if (low === null) return null;
    at = low.next;
    let high = low;
    if (characters[at] === '-') {
      const end = readEnd(characters, at + 1);
      if (end === null) return null;
      high = end;
      at = end.next;
    }
    if (high.code < low.code) return null;
    ranges.push([low.code, high.code]);
  }
  return { characterClass: { negated, ranges }, end: at + 1 };
}

export function isInClass(code: number, { negated, ranges }: CharacterClass): boolean {
  return ranges.some(([from, to]) => code >= from && code <= to) !== negated;
}

/** One end of a range; `-` and `]` only behind a backslash. */
function readEnd(characters: readonly string[], at: number): { code: number; next: number } | null {
  const isEscaped = characters[at] === '\\';
  const character = characters[isEscaped ? at + 1 : at];
  const code = character?.codePointAt(0);
  if (code === undefined || (!isEscaped && (character === '-' || character === ']'))) return null;
  return { code, next: at + (isEscaped ? 2 : 1) };
}
