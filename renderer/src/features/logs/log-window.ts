import type { LogLine } from './log-lines.ts';

/** Where the kept part of a log begins or ends: a time, and how many of the kept lines at that end bear it. */
export interface Edge {
  readonly at: string;
  readonly count: number;
}

/** Rows that a line takes on a narrow screen: what long lines cost, they must not cost in number as well. */
const NARROW = 80;

/**
 * A piece of a log, bounded in lines and in rows: what comes at one end pushes out at the other. What is pushed out is
 * gone from here, not from the log.
 */
export class LineWindow {
  private readonly mostLines: number;
  private readonly mostRows: number;
  private kept: LogLine[] = [];
  private rows = 0;

  constructor(mostLines: number, mostRows: number) {
    this.mostLines = mostLines;
    this.mostRows = mostRows;
  }

  get lines(): readonly LogLine[] {
    return this.kept;
  }

  get full(): boolean {
    return this.kept.length >= this.mostLines || this.rows >= this.mostRows;
  }

  /** Answers whether older lines were pushed out. They go a quarter at once: a cut copies all that stays. */
  append(lines: readonly LogLine[]): boolean {
    for (const line of lines) this.kept.push(line);
    this.rows += rowsOf(lines);
    if (this.kept.length <= this.mostLines * 1.25 && this.rows <= this.mostRows * 1.25) return false;
    let from = this.kept.length;
    let rows = 0;
    while (from > 0 && this.kept.length - from < this.mostLines) {
      const next = rows + rowsOf(this.kept.slice(from - 1, from));
      if (next > this.mostRows) break;
      rows = next;
      from -= 1;
    }
    this.kept = this.kept.slice(from);
    this.rows = rows;
    return true;
  }

  /** Answers whether newer lines were pushed out. */
  prepend(lines: readonly LogLine[]): boolean {
    const all = [...lines, ...this.kept];
    let to = 0;
    let rows = 0;
    while (to < all.length && to < this.mostLines) {
      const next = rows + rowsOf(all.slice(to, to + 1));
      if (next > this.mostRows) break;
      rows = next;
      to += 1;
    }
    this.kept = all.slice(0, to);
    this.rows = rows;
    return to < all.length;
  }

  first(): Edge | undefined {
    return edgeOf(this.kept[0], this.kept);
  }

  last(): Edge | undefined {
    return edgeOf(this.kept.at(-1), this.kept.toReversed());
  }

  clear(): void {
    this.kept = [];
    this.rows = 0;
  }
}

function edgeOf(line: LogLine | undefined, fromThere: readonly LogLine[]): Edge | undefined {
  if (line === undefined) return undefined;
  const other = fromThere.findIndex(({ at }) => at !== line.at);
  return { at: line.at, count: other < 0 ? fromThere.length : other };
}

function rowsOf(lines: readonly LogLine[]): number {
  return lines.reduce((sum, { text }) => sum + Math.max(1, Math.ceil(text.length / NARROW)), 0);
}
