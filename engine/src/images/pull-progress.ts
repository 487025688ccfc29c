import type { LayerProgress, PullProgress } from '../types/index.ts';
import type { LayerState } from './layer-pull.ts';
import type { Layer } from './layers.ts';
import type { RemoteImage } from './remote-image.ts';

/** The states of a pull's layers, told as one snapshot after each change. */
export class LayerTable {
  private readonly rows: LayerProgress[];
  private readonly onChange: (layers: readonly LayerProgress[]) => void;

  constructor(layers: readonly Layer[], onChange: (layers: readonly LayerProgress[]) => void) {
    this.onChange = onChange;
    this.rows = layers.map(({ digest, size }) => ({
      digest,
      stage: 'waiting',
      downloadedBytes: 0,
      unpackedBytes: 0,
      sizeBytes: size,
    }));
  }

  update(index: number, state: Partial<LayerState>): void {
    const row = this.rows[index];
    if (row === undefined) return;
    this.rows[index] = { ...row, ...state };
    this.onChange([...this.rows]);
  }

  finish(index: number, stage: 'done' | 'exists'): void {
    const size = this.rows[index]?.sizeBytes ?? 0;
    this.update(index, { stage, downloadedBytes: size, unpackedBytes: size });
  }
}

export function pullingProgress(
  reference: string,
  image: RemoteImage,
  layers: readonly LayerProgress[],
): PullProgress {
  return {
    stage: 'pulling',
    reference,
    platform: image.config.platform,
    manifestDigest: image.manifest.digest,
    layers,
  };
}

/** Of the whole pull, 0 to 1, downloading and unpacking counted alike; null while nothing is known. */
export function fractionOf(progress: PullProgress): number | null {
  if (progress.stage === 'resolving') return null;
  if (progress.stage === 'done') return 1;
  let done = 0;
  let total = 0;
  for (const { downloadedBytes, unpackedBytes, sizeBytes } of progress.layers) {
    done += downloadedBytes + unpackedBytes;
    total += 2 * sizeBytes;
  }
  return total === 0 ? null : done / total;
}
