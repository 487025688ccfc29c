import { humanSize } from './units.ts';

const BAR_WIDTH = 40;

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** How one layer of a pull or push stands. */
export interface LayerLine {
  readonly digest: string;
  readonly words: string;
  /** Null: nothing to measure in this stage. */
  readonly doneBytes: number | null;
  readonly sizeBytes: number;
}

/** Layers on their way: on a terminal one line each that is drawn over, elsewhere a line per change of words. */
export class LayerLines {
  private readonly output: Output;
  private readonly said = new Map<string, string>();
  private drawnLines = 0;

  constructor(output: Output) {
    this.output = output;
  }

  show(lines: readonly LayerLine[]): void {
    if (this.output.isTTY === true) {
      const up = this.drawnLines > 0 ? `\x1b[${this.drawnLines}A` : '';
      this.output.write(up + lines.map((line) => `\x1b[2K${withBar(line)}\n`).join(''));
      this.drawnLines = lines.length;
      return;
    }
    for (const { digest, words } of lines) {
      if (this.said.get(digest) === words) continue;
      this.said.set(digest, words);
      this.output.write(`${shortDigest(digest)}: ${words}\n`);
    }
  }
}

function withBar({ digest, words, doneBytes, sizeBytes }: LayerLine): string {
  const text = `${shortDigest(digest)}: ${words.padEnd(14)}`;
  if (doneBytes === null || sizeBytes === 0) return text;
  const filled = Math.round((Math.min(doneBytes, sizeBytes) / sizeBytes) * BAR_WIDTH);
  const bar = `${'='.repeat(filled)}>${' '.repeat(BAR_WIDTH - filled)}`;
  return `${text} [${bar}] ${humanSize(doneBytes)}/${humanSize(sizeBytes)}`;
}

/** The first 12 digits of the hash, as docker names layers. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}
