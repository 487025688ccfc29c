import type { LayerProgress, PullProgress } from '../../../types/index.ts';
import { type LayerLine, LayerLines } from './layer-lines.ts';

const STAGE_WORDS = {
  waiting: 'Waiting',
  downloading: 'Downloading',
  verifying: 'Verifying',
  unpacking: 'Unpacking',
  done: 'Pull complete',
  exists: 'Already exists',
} as const;

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * Shows a pull: on a terminal one line per layer that is drawn over, elsewhere one line per change of stage.
 */
export class PullProgressView {
  private readonly output: Output;
  private readonly lines: LayerLines;
  private layers: readonly LayerProgress[] = [];

  constructor(output: Output) {
    this.output = output;
    this.lines = new LayerLines(output);
  }

  show(progress: PullProgress): void {
    if (progress.stage === 'resolving') this.output.write(`Pulling ${progress.reference}\n`);
    else if (progress.stage === 'pulling') this.showLayers(progress.layers);
    else {
      this.finishLayers();
      this.output.write(this.summary(progress));
    }
  }

  /** Of steps that follow each other quickly only the last is told; a pull that is done has all of its layers. */
  private finishLayers(): void {
    this.showLayers(
      this.layers.map((layer) => (layer.stage === 'exists' ? layer : { ...layer, stage: 'done' })),
    );
  }

  private showLayers(layers: readonly LayerProgress[]): void {
    this.layers = layers;
    this.lines.show(layers.map(toLine));
  }

  private summary(progress: Extract<PullProgress, { stage: 'done' }>): string {
    const words = progress.upToDate ? 'Image is up to date for' : 'Downloaded newer image for';
    return `Digest: ${progress.manifestDigest}\nStatus: ${words} ${progress.reference}\n`;
  }
}

function toLine({ digest, stage, downloadedBytes, unpackedBytes, sizeBytes }: LayerProgress): LayerLine {
  const words = STAGE_WORDS[stage];
  const isUnderWay = stage === 'downloading' || stage === 'verifying' || stage === 'unpacking';
  const doneBytes = stage === 'downloading' ? downloadedBytes : unpackedBytes;
  return { digest, words, doneBytes: isUnderWay ? doneBytes : null, sizeBytes };
}
