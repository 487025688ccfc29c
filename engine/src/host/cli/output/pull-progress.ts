import type { LayerProgress, PullProgress } from '../../../types/index.ts';
import { humanSize } from './units.ts';

const BAR_WIDTH = 40;

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
  private readonly stages = new Map<string, string>();
  private layers: readonly LayerProgress[] = [];
  private drawnLines = 0;

  constructor(output: Output) {
    this.output = output;
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
    if (this.output.isTTY === true) {
      const up = this.drawnLines > 0 ? `\x1b[${this.drawnLines}A` : '';
      this.output.write(up + layers.map((layer) => `\x1b[2K${describe(layer)}\n`).join(''));
      this.drawnLines = layers.length;
      return;
    }
    for (const layer of layers) {
      if (this.stages.get(layer.digest) === layer.stage) continue;
      this.stages.set(layer.digest, layer.stage);
      this.output.write(`${shortDigest(layer.digest)}: ${STAGE_WORDS[layer.stage]}\n`);
    }
  }

  private summary(progress: Extract<PullProgress, { stage: 'done' }>): string {
    const words = progress.upToDate ? 'Image is up to date for' : 'Downloaded newer image for';
    return `Digest: ${progress.manifestDigest}\nStatus: ${words} ${progress.reference}\n`;
  }
}

function describe(layer: LayerProgress): string {
  const words = `${shortDigest(layer.digest)}: ${STAGE_WORDS[layer.stage].padEnd(14)}`;
  const done = layer.stage === 'downloading' ? layer.downloadedBytes : layer.unpackedBytes;
  if (!['downloading', 'verifying', 'unpacking'].includes(layer.stage) || layer.sizeBytes === 0) return words;
  const filled = Math.round((Math.min(done, layer.sizeBytes) / layer.sizeBytes) * BAR_WIDTH);
  const bar = `${'='.repeat(filled)}>${' '.repeat(BAR_WIDTH - filled)}`;
  return `${words} [${bar}] ${humanSize(done)}/${humanSize(layer.sizeBytes)}`;
}

/** The first 12 digits of the hash, as docker names layers. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}
