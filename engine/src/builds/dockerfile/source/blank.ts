const BLANK = /\p{White_Space}/u;

/** Go's `unicode.IsSpace`; JavaScript's `\s` differs in U+0085 and U+FEFF. */
export function isBlank(character: string | undefined): boolean {
  if (character === undefined) return false;
  if (character === ' ' || character === '\t') return true;
  return character < '!' || character > '~' ? BLANK.test(character) : false;
}

/** The first offset at or after `from` that holds no blank. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text[at])) at++;
  return at;
}

/** The offset after the last character that is no blank. */
export function trimmedEnd(text: string): number {
  let end = text.length;
  while (end > 0 && isBlank(text[end - 1])) end--;
  return end;
}

export function trimBlanks(text: string): string {
  const start = skipBlanks(text, 0);
  return start === text.length ? '' : text.slice(start, trimmedEnd(text));
}
