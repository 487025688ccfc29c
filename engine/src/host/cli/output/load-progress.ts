import type { LayerProgress, LoadProgress } from '../../../types/index.ts';
import { LayerLines } from './layer-lines.ts';
import { humanSize } from './units.ts';

const WORDS: Readonly<Record<LayerProgress['stage'], string>> = {
  waiting: 'Waiting',
  downloading: 'Unpacking',
  verifying: 'Unpacking',
  unpacking: 'Unpacking',
  done: 'Loaded',
  exists: 'Already exists',
};

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows on a terminal how a load goes on; elsewhere, as docker does, only what came out of it. */
export class LoadProgressView {
  private readonly output: Output;
  private lines: LayerLines;
  private image = '';

  constructor(output: Output) {
    this.output = output;
    this.lines = new LayerLines(output);
  }

  show(progress: LoadProgress): void {
    if (this.output.isTTY !== true || progress.stage === 'done') return;
    if (progress.stage === 'receiving') {
      this.output.write(`\r\x1b[2KReceiving ${humanSize(progress.receivedBytes)}`);
      return;
    }
    if (progress.image !== this.image) this.begin(progress.image);
    this.lines.show(progress.layers.map(lineOf));
  }

  private begin(image: string): void {
    this.image = image;
    this.lines = new LayerLines(this.output);
    this.output.write(`\r\x1b[2K${image}\n`);
  }
}

function lineOf({ digest, stage, unpackedBytes, sizeBytes }: LayerProgress) {
  return { digest, words: WORDS[stage], doneBytes: stage === 'unpacking' ? unpackedBytes : null, sizeBytes };
}
