const SPECIAL = '@*#?-$!';
const NAME = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const POSITION = /\p{Nd}+/uy;

/** The name at `from`: letters, digits and `_`, or the shell's special parameters, `1` or `@`. Empty: none. */
export function readName(text: string, from: number): string {
  const first = text[from];
  if (first === undefined) return '';
  if (SPECIAL.includes(first)) return first;
  return match(POSITION, text, from) ?? match(NAME, text, from) ?? '';
}

function match(pattern: RegExp, text: string, from: number): string | undefined {
  pattern.lastIndex = from;
  return pattern.exec(text)?.[0];
}
