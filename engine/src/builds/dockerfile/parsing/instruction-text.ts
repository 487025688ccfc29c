import { Reason } from '../problems/reason.ts';
import type { ProblemError } from '../problems/problem.ts';
import type { EscapeCharacter } from '../source/directives.ts';
import type { Heredoc } from '../source/heredocs.ts';
import type { LogicalLine, Span } from '../source/logical-line.ts';
import type { Range, Word } from '../source/position.ts';
import type { CommandLine } from '../syntax/words.ts';
import type { SplitInstruction } from './split-instruction.ts';
import { readStringList } from './string-list.ts';

/** An instruction in parts, before its arguments are read. */
export interface InstructionText extends SplitInstruction {
  readonly line: LogicalLine;
  readonly escape: EscapeCharacter;
  readonly heredocs: readonly Heredoc[];
  readonly comments: readonly string[];
}

/** The fields that all instructions have. */
export function baseOf(text: InstructionText): {
  readonly keyword: Word;
  readonly range: Range;
  readonly source: string;
  readonly sourceLines: readonly string[];
  readonly comments: readonly string[];
} {
  const { line, keyword, args, heredocs, comments } = text;
  const written = line.range(keyword.from, args.to);
  return {
    keyword: line.word(keyword),
    range: { start: written.start, end: heredocs.at(-1)?.range.end ?? written.end },
    source: line.text.slice(keyword.from, args.to),
    sourceLines: line.sourceLines.slice(written.start.line - line.firstLine),
    comments,
  };
}

/** `RUN`, in upper case, as messages have it. */
export function keywordOf({ keyword }: InstructionText): string {
  return keyword.text.toUpperCase();
}

/** The place for a problem of the whole instruction: its keyword. */
export function atKeyword(text: InstructionText, message: string, expected?: string): ProblemError {
  return text.line.problem(text.keyword, message, expected);
}

/** The arguments in JSON's form; null: they have another. */
export function jsonWords(text: InstructionText): readonly Span[] | null {
  const list = readStringList(text.args);
  if (list !== 'mixed') return list;
  throw text.line.problem(
    text.args,
    `${keywordOf(text)} has a JSON array with something that is no string.`,
    'An argument vector is written as ["program", "argument"].',
  );
}

export function commandLine(text: InstructionText, args: Span, asJson: readonly Span[] | null): CommandLine {
  if (asJson !== null) return { form: 'exec', args: asJson.map((word) => text.line.word(word)) };
  return { form: 'shell', line: text.line.word(args), heredocs: text.heredocs };
}

/** Runs `read`, and gives what it finds wrong its place. */
export function placed<T>(text: InstructionText, span: Span, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Reason)) throw error;
    throw text.line.problem(span, error.message, error.expected);
  }
}
