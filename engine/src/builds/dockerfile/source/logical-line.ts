import { ProblemError } from '../problems/problem.ts';
import type { Position, Range, Word } from './position.ts';
import { withoutEnding } from './source-text.ts';

/** From offset `at` of the joined text on, the characters stand at this place of the file. */
export interface Piece {
  readonly at: number;
  readonly place: Position;
}

/** A part of a logical line: its text after quotes or JSON are taken off, and the offsets of what was written. */
export interface Span {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** An instruction's lines joined at their continuation marks; knows where each character was written. */
export class LogicalLine {
  readonly text: string;
  /** The lines of the file that it was made of, comments between them included. */
  readonly sourceLines: readonly string[];
  private readonly pieces: readonly [Piece, ...Piece[]];

  constructor(text: string, pieces: readonly [Piece, ...Piece[]], sourceLines: readonly string[]) {
    this.text = text;
    this.pieces = pieces;
    this.sourceLines = sourceLines;
  }

  get firstLine(): number {
    return this.pieces[0].place.line;
  }

  /** The same line, with lines that belong to it without being joined: here-documents. */
  withSourceLines(sourceLines: readonly string[]): LogicalLine {
    return new LogicalLine(this.text, this.pieces, sourceLines);
  }

  word({ text, from, to }: Span): Word {
    return { text, range: this.range(from, to) };
  }

  range(from: number, to: number): Range {
    return { start: this.place(from, false), end: this.place(Math.max(from, to), to > from) };
  }

  problem({ from, to }: Pick<Span, 'from' | 'to'>, message: string, expected?: string): ProblemError {
    const range = this.range(from, to);
    const sourceLine = withoutEnding(this.sourceLines[range.start.line - this.firstLine] ?? '');
    return new ProblemError({ range, message, sourceLine, ...(expected !== undefined && { expected }) });
  }

  /** `after`: the place behind the character before, which may be on an earlier line. */
  private place(offset: number, after: boolean): Position {
    const sought = after ? offset - 1 : offset;
    let [low, high] = [0, this.pieces.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.pieces[middle]?.at ?? 0) <= sought) low = middle;
      else high = middle - 1;
    }
    const piece = this.pieces[low] ?? this.pieces[0];
    return { line: piece.place.line, column: piece.place.column + offset - piece.at };
  }
}
