import { EngineError } from '../../../errors/index.ts';
import type { Problem } from './problem.ts';

const SHOWN_WIDTH = 160;

/**
 * A Dockerfile that cannot be read: `invalid-argument`. The message has the first problem's place and its line with a
 * mark below it, so that it is whole where only the message arrives; `problems` has all.
 */
export class DockerfileError extends EngineError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly [Problem, ...Problem[]]) {
    const [first, ...others] = problems;
    const { line, column } = first.range.start;
    const more = others.length === 0 ? '' : `\nand ${others.length} more: ${others.map(inShort).join('; ')}`;
    super('invalid-argument', `Line ${line}, column ${column}: ${first.message}${excerpt(first)}${more}`, {
      detail: { step: 'dockerfile', path: `${line}:${column}` },
      ...(first.expected !== undefined && { hint: first.expected }),
    });
    this.problems = problems;
  }
}

function inShort({ range, message }: Problem): string {
  return `line ${range.start.line}: ${message}`;
}

/** The line with marks below the problem, cut to what fits a terminal. */
export function excerpt({ range, sourceLine }: Problem): string {
  if (sourceLine === '') return '';
  const { line, column } = range.start;
  const from = Math.max(0, column - 1 - SHOWN_WIDTH / 2);
  const shown = sourceLine.slice(from, from + SHOWN_WIDTH).replaceAll(/\p{Cc}/gu, ' ');
  const end = range.end.line === line ? range.end.column : sourceLine.length + 1;
  const indent = Math.min(column - 1 - from, shown.length);
  const marks = '^'.repeat(Math.max(1, Math.min(end - column, shown.length - indent)));
  const number = `${line}`;
  return `\n  ${number} | ${shown}\n  ${' '.repeat(number.length)} | ${' '.repeat(indent)}${marks}`;
}
