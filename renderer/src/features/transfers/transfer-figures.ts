import type { LayerProgress, LayerStage } from '@longshore/engine/types';

export interface PullTotals {
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** 0 to 1. Half of it is the download, half the unpacking: both have to end. */
  readonly fraction: number;
  readonly active: number;
}

const BEING_FETCHED: ReadonlySet<LayerStage> = new Set(['downloading', 'verifying', 'unpacking']);

export function totalsOf(layers: readonly LayerProgress[]): PullTotals {
  let done = 0;
  let unpacked = 0;
  let total = 0;
  for (const layer of layers) {
    const complete = layer.stage === 'done' || layer.stage === 'exists';
    total += layer.sizeBytes;
    done += complete ? layer.sizeBytes : layer.downloadedBytes;
    unpacked += complete ? layer.sizeBytes : layer.unpackedBytes;
  }
  return {
    doneBytes: done,
    totalBytes: total,
    fraction: total === 0 ? 0 : (done + unpacked) / (2 * total),
    active: layers.filter((layer) => BEING_FETCHED.has(layer.stage)).length,
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
export function millisecondsLeft(totals: PullTotals, speed: number | null): number | null {
  if (speed === null || speed <= 0) return null;
  return ((totals.totalBytes - totals.doneBytes) / speed) * 1000;
}
