/** Words of a command line as a POSIX shell splits them: quotes and backslashes, no expansion of any kind. */
export type SplitResult = { readonly ok: true; readonly words: readonly string[] } | { readonly ok: false };

const ESCAPABLE_IN_DOUBLE_QUOTES = new Set(['"', '\\', '$', '`']);

export function splitWords(line: string): SplitResult {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  for (let i = 0; i < line.length; i += 1) {
    const char = line.charAt(i);
    if (quote !== undefined) {
      const next = line.charAt(i + 1);
      if (char === quote) quote = undefined;
      else if (quote === '"' && char === '\\' && ESCAPABLE_IN_DOUBLE_QUOTES.has(next)) {
        word = (word ?? '') + next;
        i += 1;
      } else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === '\\') {
      if (i + 1 >= line.length) return { ok: false };
      word = (word ?? '') + line.charAt(i + 1);
      i += 1;
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (quote !== undefined) return { ok: false };
  if (word !== undefined) words.push(word);
  return { ok: true, words };
}

/** One word, quoted only where a shell would read it otherwise. */
export function quoteWord(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

export function joinWords(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}
