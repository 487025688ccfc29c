interface Output {
  readonly isTTY?: boolean;
  readonly rows?: number;
  write(text: string): unknown;
}

const TO_TOP = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
const CLEAR_ALL = '\u001b[2J';

/** Lines that replace each other on a terminal, and follow each other anywhere else. */
export class LiveTable {
  private readonly output: Output;
  private readonly isLive: boolean;
  private isFirst = true;

  constructor(output: Output, isLive: boolean) {
    this.output = output;
    this.isLive = isLive && output.isTTY === true;
  }

  show(lines: readonly string[]): void {
    if (!this.isLive) {
      this.output.write(lines.map((line) => `${line}\n`).join(''));
      return;
    }
    // What does not fit would scroll, and be drawn over at the wrong place.
    const shown = lines.slice(0, Math.max(1, (this.output.rows ?? Infinity) - 1));
    const clear = this.isFirst ? CLEAR_ALL : '';
    this.isFirst = false;
    this.output.write(
      `${clear}${TO_TOP}${shown.map((line) => `${line}${CLEAR_LINE}\n`).join('')}${CLEAR_BELOW}`,
    );
  }
}
