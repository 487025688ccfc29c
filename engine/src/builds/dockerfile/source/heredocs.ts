import { isBlank } from './blank.ts';
import type { Range } from './position.ts';

/** `<<NAME` of a line: a file that is written below the instruction. */
export interface HeredocMark {
  /** What ends it, quotes taken off. */
  readonly name: string;
  readonly fileDescriptor: number;
  /** False when any part of the name was quoted: variables in the content stay as they are. */
  readonly expand: boolean;
  /** `<<-`: tabs at the start of its lines do not count. */
  readonly stripTabs: boolean;
}

export interface Heredoc extends HeredocMark {
  /** As written, line endings and tabs included. */
  readonly content: string;
  readonly range: Range;
}

const MARK = /^(\d{0,9})<<(-?)([^<]*)$/;

/** The marks of a line, in order; none when its quotes do not match. The escape here is always a backslash. */
export function heredocMarks(text: string): readonly HeredocMark[] {
  if (!text.includes('<<')) return [];
  return shellWords(text).flatMap((word) => heredocMark(word) ?? []);
}

/** Null: the word is not `<<NAME`. */
export function heredocMark(word: string): HeredocMark | null {
  const [, descriptor = '', dash = '', rest = ''] = MARK.exec(word) ?? [];
  const names = shellWords(rest);
  const [written] = names;
  if (written === undefined || names.length !== 1) return null;
  const name = unquoted(written);
  return {
    name,
    fileDescriptor: Number(descriptor),
    expand: countQuotes(name) === countQuotes(written),
    stripTabs: dash === '-',
  };
}

/** What the file holds after `<<-` has taken tabs away. */
export function heredocContent({ content, stripTabs }: Heredoc): string {
  return stripTabs ? content.replaceAll(/^\t+/gm, '') : content;
}

/** Words with their quotes and backslashes; blanks after `<<` belong to the word. Unmatched quotes: no words. */
function shellWords(text: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  for (let at = 0; at < text.length;) {
    const end = partEnd(text, at);
    if (end === null) return [];
    const part = text.slice(at, end);
    at = end;
    if (!isBlank(part)) word += part;
    else if (word !== '') {
      words.push(word);
      word = '';
    }
  }
  return word === '' ? words : [...words, word];
}

/** Where the part that begins at `at` ends: a quoted string, an escaped character, `<<` with blanks, or a character. */
function partEnd(text: string, at: number): number | null {
  const character = text[at];
  if (character === "'") {
    const end = text.indexOf("'", at + 1);
    return end === -1 ? null : end + 1;
  }
  if (character === '"') return doubleQuoteEnd(text, at + 1);
  if (character === '\\') return Math.min(at + 2, text.length);
  if (character !== '<' || text[at + 1] !== '<') return at + 1;
  let end = at + 2;
  while (text[end] === ' ' || text[end] === '\t' || text[end] === '\r') end++;
  return end;
}

function doubleQuoteEnd(text: string, from: number): number | null {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '"') return at + 1;
    if (text[at] === '\\') at++;
  }
  return null;
}

function unquoted(word: string): string {
  let result = '';
  for (let at = 0; at < word.length;) {
    const end = partEnd(word, at) ?? word.length;
    const part = word.slice(at, end);
    if (/^["']/.test(part))
      result += part.slice(1, -1).replaceAll(/\\(["\\$])/g, part.startsWith('"') ? '$1' : '$&');
    else result += part.startsWith('\\') ? part.slice(1) : part;
    at = end;
  }
  return result;
}

function countQuotes(text: string): number {
  return text.length - text.replaceAll(/["']/g, '').length;
}
