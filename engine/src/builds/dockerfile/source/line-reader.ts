import { isBlank, skipBlanks } from './blank.ts';
import type { EscapeCharacter } from './directives.ts';
import { LogicalLine, type Piece } from './logical-line.ts';
import type { Range } from './position.ts';
import { withoutEnding } from './source-text.ts';

/** A logical line and what stood before and inside it. */
export interface ReadLine {
  readonly line: LogicalLine;
  /** The comments right above, without `#`; a blank line or an empty comment parts them from it. */
  readonly comments: readonly string[];
  /** Blank lines between continued ones, which the reference warns of. */
  readonly emptyContinuations: readonly Range[];
}

/** Joins the file's lines at their continuation marks, leaves comments and blank lines out. */
export class LineReader {
  private readonly lines: readonly string[];
  private readonly escape: EscapeCharacter;
  private index: number;

  /** `from`: how many lines at the top to leave out. */
  constructor(lines: readonly string[], escape: EscapeCharacter, from: number) {
    this.lines = lines;
    this.escape = escape;
    this.index = from;
  }

  /** The number of the line that comes next, from 1. */
  get nextNumber(): number {
    return this.index + 1;
  }

  next(): ReadLine | null {
    let comments: string[] = [];
    for (let raw = this.take(); raw !== null; raw = this.take()) {
      const content = withoutEnding(raw);
      const start = skipBlanks(content, 0);
      if (content[start] === '#') {
        const comment = content.slice(start + 1).trim();
        if (comment === '') comments = [];
        else comments.push(comment);
      } else if (start === content.length) {
        comments = [];
      } else {
        return this.joined(content.slice(start), start + 1, comments);
      }
    }
    return null;
  }

  /** The next line as it is, its ending included: a here-document's. */
  take(): string | null {
    const line = this.lines[this.index];
    if (line === undefined) return null;
    this.index++;
    return line;
  }

  private joined(first: string, column: number, comments: readonly string[]): ReadLine {
    const number = this.index;
    const pieces: [Piece, ...Piece[]] = [{ at: 0, place: { line: number, column } }];
    const empty: Range[] = [];
    const texts: string[] = [];
    let length = 0;
    let continued = continuedText(first, this.escape);
    texts.push(continued ?? first);
    length += (continued ?? first).length;
    while (continued !== null) {
      const raw = this.take();
      if (raw === null) break;
      const content = withoutEnding(raw);
      const start = skipBlanks(content, 0);
      if (content[start] === '#') continue;
      if (start === content.length) {
        empty.push(lineRange(this.index, content));
        continue;
      }
      pieces.push({ at: length, place: { line: this.index, column: 1 } });
      continued = continuedText(content, this.escape);
      texts.push(continued ?? content);
      length += (continued ?? content).length;
    }
    const line = new LogicalLine(texts.join(''), pieces, this.lines.slice(number - 1, this.index));
    return { line, comments, emptyContinuations: empty };
  }
}

/**
 * What stands before the continuation mark, an escape character that only blanks follow; null: the line is not
 * continued. Two of them are one that is meant literally.
 */
function continuedText(content: string, escape: EscapeCharacter): string | null {
  let end = content.length;
  while (end > 0 && (content[end - 1] === ' ' || content[end - 1] === '\t')) end--;
  if (content[end - 1] !== escape || content[end - 2] === escape) return null;
  return content.slice(0, end - 1);
}

function lineRange(line: number, content: string): Range {
  return { start: { line, column: 1 }, end: { line, column: isBlank(content[0]) ? content.length + 1 : 1 } };
}
