import { isBlank, skipBlanks, trimmedEnd } from '../source/blank.ts';
import type { EscapeCharacter } from '../source/directives.ts';
import type { Span } from '../source/logical-line.ts';

/** `--name` or `--name=value`, quotes taken off. */
export interface WrittenFlag {
  readonly name: string;
  /** Null: no `=` was written. */
  readonly value: Span | null;
  readonly whole: Span;
}

export interface SplitInstruction {
  readonly keyword: Span;
  readonly flags: readonly WrittenFlag[];
  /** What follows the flags, blanks around it taken off; nothing else is. */
  readonly args: Span;
}

const KEYWORD_END = /[\t\v\f\r ]/g;

/** Parts `text` from the offset `from` on into keyword, flags and the rest. */
export function splitInstruction(text: string, from: number, escape: EscapeCharacter): SplitInstruction {
  const start = skipBlanks(text, from);
  const end = Math.max(start, trimmedEnd(text));
  KEYWORD_END.lastIndex = start;
  const keywordEnd = Math.min(KEYWORD_END.exec(text)?.index ?? end, end);
  const { flags, rest } = readFlags(text, keywordEnd, end, escape);
  const argsStart = Math.min(skipBlanks(text, rest), end);
  return {
    keyword: { text: text.slice(start, keywordEnd), from: start, to: keywordEnd },
    flags,
    args: { text: text.slice(argsStart, end), from: argsStart, to: end },
  };
}

/** Words that begin with `--`, until one does not; `--` alone ends them and is left out. */
function readFlags(
  text: string,
  from: number,
  end: number,
  escape: EscapeCharacter,
): { readonly flags: readonly WrittenFlag[]; readonly rest: number } {
  const flags: WrittenFlag[] = [];
  let at = skipBlanks(text, from);
  while (at < end && text.startsWith('--', at)) {
    const flag = readFlag(text, at, end, escape);
    if (flag.whole.text === '--') return { flags, rest: flag.whole.to };
    flags.push(flag);
    at = skipBlanks(text, flag.whole.to);
  }
  return { flags, rest: at };
}

function readFlag(text: string, from: number, end: number, escape: EscapeCharacter): WrittenFlag {
  let read = '';
  let quote: string | null = null;
  let equals: { readonly at: number; readonly length: number } | null = null;
  let at = from;
  for (; at < end; at++) {
    let character = text[at] ?? '';
    if (quote === null && isBlank(character)) break;
    if (character === quote) quote = null;
    else if (quote === null && (character === '"' || character === "'")) quote = character;
    else if (character !== escape || at + 1 < end) {
      if (character === escape) character = text[++at] ?? '';
      if (character === '=') equals ??= { at, length: read.length };
      read += character;
    }
  }
  const whole = { text: read, from, to: at };
  if (equals === null) return { name: read.slice(2), value: null, whole };
  const value = { text: read.slice(equals.length + 1), from: equals.at + 1, to: at };
  return { name: read.slice(2, equals.length), value, whole };
}
