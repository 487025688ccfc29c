import { humanSize } from '../output/units.ts';

const REDRAW_MS = 100;

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows on a terminal how far a copy is; elsewhere nothing, as docker does. */
export class CopyProgress {
  private readonly output: Output | null;
  private readonly words: string;
  private bytes = 0;
  private drawnAt = 0;

  constructor(output: Output, words: string, quiet: boolean) {
    this.output = quiet || output.isTTY !== true ? null : output;
    this.words = words;
  }

  readonly add = (bytes: number): void => {
    this.bytes += bytes;
    const now = Date.now();
    if (now - this.drawnAt < REDRAW_MS) return;
    this.drawnAt = now;
    this.output?.write(`\r\x1b[2K${this.words} - ${humanSize(this.bytes)}`);
  };

  finish(target: string): void {
    this.output?.write(`\r\x1b[2KSuccessfully copied ${humanSize(this.bytes)} to ${target}\n`);
  }
}
