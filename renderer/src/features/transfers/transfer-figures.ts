import type { LayerProgress, LayerStage, PushedLayer, PushedLayerStage } from '@longshore/engine/types';

export type TransferStage = LayerStage | PushedLayerStage;

/** A layer on its way from a registry or to one. */
export interface TransferLayer {
  readonly digest: string;
  readonly stage: TransferStage;
  /** Compressed bytes that went over the network, or are where they go for another reason. */
  readonly movedBytes: number;
  /** Of them, those that are unpacked as well; of a push, the same. */
  readonly finishedBytes: number;
  readonly sizeBytes: number;
}

const COMPLETE: ReadonlySet<TransferStage> = new Set(['done', 'exists', 'pushed', 'mounted']);
const MOVING: ReadonlySet<TransferStage> = new Set(['downloading', 'verifying', 'unpacking', 'pushing']);

export function isMoving(stage: TransferStage): boolean {
  return MOVING.has(stage);
}

export function pulledLayer({ digest, stage, sizeBytes, ...bytes }: LayerProgress): TransferLayer {
  const complete = COMPLETE.has(stage);
  return {
    digest,
    stage,
    sizeBytes,
    movedBytes: complete ? sizeBytes : bytes.downloadedBytes,
    finishedBytes: complete ? sizeBytes : bytes.unpackedBytes,
  };
}

export function pushedLayer({ digest, stage, sizeBytes, sentBytes }: PushedLayer): TransferLayer {
  const bytes = COMPLETE.has(stage) ? sizeBytes : sentBytes;
  return { digest, stage, sizeBytes, movedBytes: bytes, finishedBytes: bytes };
}

export interface TransferTotals {
  readonly movedBytes: number;
  readonly totalBytes: number;
  /** 0 to 1. Of a pull, half of it is the download, half the unpacking: both have to end. */
  readonly fraction: number;
}

export function totalsOf(layers: readonly TransferLayer[]): TransferTotals {
  let moved = 0;
  let finished = 0;
  let total = 0;
  for (const layer of layers) {
    moved += layer.movedBytes;
    finished += layer.finishedBytes;
    total += layer.sizeBytes;
  }
  return {
    movedBytes: moved,
    totalBytes: total,
    fraction: total === 0 ? 0 : (moved + finished) / (2 * total),
  };
}

export interface SpeedSample {
  readonly at: number;
  readonly bytes: number;
}

const WINDOW_MS = 4000;

/** The samples of the last seconds: enough for a speed that neither jumps nor lags. */
export function withSample(samples: readonly SpeedSample[], sample: SpeedSample): readonly SpeedSample[] {
  return [...samples.filter((each) => sample.at - each.at <= WINDOW_MS), sample];
}

/** Bytes a second; null while there is too little to say. */
export function speedOf(samples: readonly SpeedSample[]): number | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.at - first.at < 500) return null;
  return ((last.bytes - first.bytes) * 1000) / (last.at - first.at);
}

/** Null when it cannot be told. */
export function millisecondsLeft(totals: TransferTotals, speed: number | null): number | null {
  if (speed === null || speed <= 0) return null;
  return ((totals.totalBytes - totals.movedBytes) / speed) * 1000;
}
