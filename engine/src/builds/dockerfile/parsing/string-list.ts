import { jsonOrUndefined } from '../../../json.ts';
import type { Span } from '../source/logical-line.ts';
import { slice } from './argument-words.ts';

/** A JSON array of strings, each with its place; `mixed`: an array of other things too; null: no JSON array. */
export function readStringList(args: Span): readonly Span[] | 'mixed' | null {
  if (!args.text.startsWith('[')) return null;
  return stringsOf(args) ?? (isArray(args.text) ? 'mixed' : null);
}

function stringsOf(args: Span): readonly Span[] | null {
  const { text } = args;
  const strings: Span[] = [];
  let at = skipJsonBlanks(text, 1);
  if (text[at] === ']') return skipJsonBlanks(text, at + 1) === text.length ? [] : null;
  for (;;) {
    const end = stringEnd(text, at);
    const value = end === null ? null : decoded(text.slice(at, end));
    if (end === null || value === null) return null;
    strings.push({ ...slice(args, at, end), text: value });
    at = skipJsonBlanks(text, end);
    if (text[at] === ']') return skipJsonBlanks(text, at + 1) === text.length ? strings : null;
    if (text[at] !== ',') return null;
    at = skipJsonBlanks(text, at + 1);
  }
}

function stringEnd(text: string, from: number): number | null {
  if (text[from] !== '"') return null;
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '"') return at + 1;
    if (text[at] === '\\') at++;
  }
  return null;
}

function decoded(literal: string): string | null {
  const value = jsonOrUndefined(literal);
  return typeof value === 'string' ? value : null;
}

function isArray(text: string): boolean {
  return Array.isArray(jsonOrUndefined(text));
}

function skipJsonBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '\n' || text[at] === '\r') at++;
  return at;
}
