import type { Descriptor } from '../../oci/index.ts';
import type { PushedLayer, PushProgress } from '../../types/index.ts';

/** The states of a push's blobs, told as one snapshot after each change. */
export class PushTable {
  private readonly rows: PushedLayer[];
  private readonly onChange: (layers: readonly PushedLayer[]) => void;

  constructor(blobs: readonly Descriptor[], onChange: (layers: readonly PushedLayer[]) => void) {
    this.onChange = onChange;
    this.rows = blobs.map(({ digest, size }) => ({
      digest,
      stage: 'waiting',
      sentBytes: 0,
      sizeBytes: size,
    }));
    onChange([...this.rows]);
  }

  get layers(): readonly PushedLayer[] {
    return [...this.rows];
  }

  update(index: number, state: Pick<PushedLayer, 'stage'> & Partial<PushedLayer>): void {
    const row = this.rows[index];
    if (row === undefined) return;
    this.rows[index] = { ...row, ...state };
    this.onChange([...this.rows]);
  }

  finish(index: number, stage: 'pushed' | 'exists' | 'mounted'): void {
    this.update(index, { stage, sentBytes: this.rows[index]?.sizeBytes ?? 0 });
  }
}

/** Of the whole push, 0 to 1; null while nothing is known. */
export function pushedFraction(progress: PushProgress): number | null {
  if (progress.stage === 'preparing') return null;
  if (progress.stage === 'done') return 1;
  let sent = 0;
  let total = 0;
  for (const { sentBytes, sizeBytes } of progress.layers) {
    sent += sentBytes;
    total += sizeBytes;
  }
  return total === 0 ? null : sent / total;
}
