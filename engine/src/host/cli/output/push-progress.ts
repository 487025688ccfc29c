import type { PushedLayer, PushProgress } from '../../../types/index.ts';
import { LayerLines } from './layer-lines.ts';

const STAGE_WORDS = {
  waiting: 'Preparing',
  pushing: 'Pushing',
  pushed: 'Pushed',
  exists: 'Layer already exists',
  mounted: 'Mounted from another repository',
} as const;

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows a push as `PullProgressView` shows a pull. */
export class PushProgressView {
  private readonly output: Output;
  private readonly lines: LayerLines;

  constructor(output: Output) {
    this.output = output;
    this.lines = new LayerLines(output);
  }

  show(progress: PushProgress): void {
    if (progress.stage === 'preparing') {
      this.output.write(`The push refers to ${progress.reference}\n`);
    } else if (progress.stage === 'pushing') {
      this.lines.show(progress.layers.map(toLine));
    } else {
      this.lines.show(progress.layers.map(toLine));
      const tag = progress.reference.replace(/^.*:/, '');
      this.output.write(`${tag}: digest: ${progress.manifestDigest} size: ${progress.sizeBytes}\n`);
    }
  }
}

function toLine({ digest, stage, sentBytes, sizeBytes }: PushedLayer) {
  return { digest, words: STAGE_WORDS[stage], doneBytes: stage === 'pushing' ? sentBytes : null, sizeBytes };
}
