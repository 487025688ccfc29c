import { LIMITS } from '../limits.ts';
import { ProblemError } from '../problems/problem.ts';

const BYTE_ORDER_MARK = '\uFEFF';

/** The file as lines, each with its ending. A byte order mark at the very start is no part of it. */
export function splitLines(source: string): readonly string[] {
  if (source.length > LIMITS.source) throw tooLarge(`is longer than ${LIMITS.source} characters`);
  const lines: string[] = [];
  let from = source.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  while (from < source.length) {
    const newline = source.indexOf('\n', from);
    const to = newline === -1 ? source.length : newline + 1;
    lines.push(source.slice(from, to));
    if (lines.length > LIMITS.lines) throw tooLarge(`has more than ${LIMITS.lines} lines`);
    from = to;
  }
  return lines;
}

/** Without its ending, however many carriage returns there are. */
export function withoutEnding(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === '\n' || line[end - 1] === '\r')) end--;
  return line.slice(0, end);
}

function tooLarge(what: string): ProblemError {
  const start = { line: 1, column: 1 };
  return new ProblemError({
    range: { start, end: start },
    message: `The Dockerfile ${what}.`,
    sourceLine: '',
  });
}
