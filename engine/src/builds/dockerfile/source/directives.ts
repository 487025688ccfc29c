import { ProblemError } from '../problems/problem.ts';
import { skipBlanks, trimBlanks } from './blank.ts';
import type { Word } from './position.ts';
import { withoutEnding } from './source-text.ts';

export type EscapeCharacter = '\\' | '`';

/** The comments at the very top that say how to read the rest. */
export interface Directives {
  /** The frontend's image: `docker/dockerfile:1`. */
  readonly syntax: Word | null;
  readonly escape: EscapeCharacter;
  /** `skip=Rule;error=true`. */
  readonly check: Word | null;
  /** The lines at the top that are directives. */
  readonly sourceLines: readonly string[];
}

const NAMES = ['syntax', 'escape', 'check'];
const NAME = /[a-zA-Z][a-zA-Z0-9]*/y;

/** They end at the first line that is none: an instruction, a blank line, any other comment. A `#!` line may precede. */
export function readDirectives(lines: readonly string[]): Directives {
  const found = new Map<string, Word>();
  const first = lines[0]?.startsWith('#!') === true ? 1 : 0;
  let index = first;
  for (; index < lines.length; index++) {
    const directive = parseDirective(withoutEnding(lines[index] ?? ''), index + 1);
    if (directive === null) break;
    const { name, value } = directive;
    if (found.has(name)) {
      throw wrong(value, lines, `The directive ${name} may be given only once.`, 'One of the two must go.');
    }
    found.set(name, value);
  }
  // As the reference has it, a file that begins with `#!` chooses no escape character.
  const escape = first === 0 ? found.get('escape') : undefined;
  return {
    syntax: found.get('syntax') ?? null,
    check: found.get('check') ?? null,
    escape: escape === undefined ? '\\' : escapeOf(escape, lines),
    sourceLines: lines.slice(0, index),
  };
}

/** `# name = value`, of a known name; null: the line is something else. */
function parseDirective(line: string, number: number): { name: string; value: Word } | null {
  const hash = skipBlanks(line, 0);
  if (line[hash] !== '#') return null;
  NAME.lastIndex = skipBlanks(line, hash + 1);
  const name = NAME.exec(line)?.[0].toLowerCase();
  if (name === undefined || !NAMES.includes(name)) return null;
  const equals = skipBlanks(line, NAME.lastIndex);
  const start = skipBlanks(line, equals + 1);
  if (line[equals] !== '=' || start >= line.length) return null;
  const text = trimBlanks(line.slice(start));
  const range = {
    start: { line: number, column: start + 1 },
    end: { line: number, column: start + 1 + text.length },
  };
  return { name, value: { text, range } };
}

function escapeOf(value: Word, lines: readonly string[]): EscapeCharacter {
  if (value.text === '\\' || value.text === '`') return value.text;
  throw wrong(value, lines, `"${value.text}" cannot be the escape character.`, 'It is \\ or `.');
}

function wrong({ range }: Word, lines: readonly string[], message: string, expected: string): ProblemError {
  const sourceLine = withoutEnding(lines[range.start.line - 1] ?? '');
  return new ProblemError({ range, message, expected, sourceLine });
}
