import { isBlank, skipBlanks } from '../source/blank.ts';
import type { EscapeCharacter } from '../source/directives.ts';
import type { Span } from '../source/logical-line.ts';

const BLANKS = /[\t\v\f\r ]+/g;

/** Parted at blanks; quotes mean nothing here. */
export function plainWords(args: Span): readonly Span[] {
  const words: Span[] = [];
  let from = 0;
  for (const match of args.text.matchAll(BLANKS)) {
    words.push(slice(args, from, match.index));
    from = match.index + match[0].length;
  }
  if (args.text !== '') words.push(slice(args, from, args.text.length));
  return words;
}

/** Parted at blanks outside quotes; quotes and escapes stay in the words, expansion takes them off. */
export function quotedWords(args: Span, escape: EscapeCharacter): readonly Span[] {
  const { text } = args;
  const words: Span[] = [];
  for (let at = skipBlanks(text, 0); at < text.length; at = skipBlanks(text, at)) {
    const end = wordEnd(text, at, escape);
    // An escape character at the very end escapes nothing.
    const word = slice(args, at, end);
    const lonely = end === text.length && endsInLonelyEscape(word.text, escape);
    if (!lonely) words.push(word);
    else if (word.text.length > 1) words.push({ ...word, text: word.text.slice(0, -1) });
    at = end;
  }
  return words;
}

/** A part of the arguments by its offsets in them. */
export function slice(args: Span, from: number, to: number): Span {
  return { text: args.text.slice(from, to), from: args.from + from, to: args.from + to };
}

function wordEnd(text: string, from: number, escape: EscapeCharacter): number {
  let quote: string | null = null;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (quote === null && isBlank(character)) return at;
    if (character === escape && quote !== "'") at++;
    else if (character === quote) quote = null;
    else if (quote === null && (character === '"' || character === "'")) quote = character;
  }
  return text.length;
}

function endsInLonelyEscape(word: string, escape: EscapeCharacter): boolean {
  let quote: string | null = null;
  for (let at = 0; at < word.length; at++) {
    const character = word[at];
    if (character === escape && quote !== "'") {
      if (at === word.length - 1) return true;
      at++;
    } else if (character === quote) quote = null;
    else if (quote === null && (character === '"' || character === "'")) quote = character;
  }
  return false;
}
