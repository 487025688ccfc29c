import type { ContainerStats } from '@longshore/engine/types';

/** What a container used at one moment. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Of one processor: 1.5 is one and a half. Null in the first sample of a stream. */
  readonly cpu: number | null;
  readonly memoryBytes: number;
  readonly memoryLimitBytes: number;
  readonly pids: number;
  readonly pidsLimit: number | null;
  /** Counters since the container's start. */
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

export type Counter = 'readBytes' | 'writtenBytes' | 'receivedBytes' | 'sentBytes';

export function sampleOf(stats: ContainerStats): Sample {
  return {
    at: Date.parse(stats.at),
    cpu: stats.cpu.fraction,
    memoryBytes: stats.memory.usedBytes,
    memoryLimitBytes: stats.memory.limitBytes,
    pids: stats.pids.current,
    pidsLimit: stats.pids.limit,
    readBytes: stats.blockIo.readBytes,
    writtenBytes: stats.blockIo.writeBytes,
    receivedBytes: stats.network.receivedBytes,
    sentBytes: stats.network.sentBytes,
  };
}

/** Two samples further apart than this have no line between them: nobody watched meanwhile. */
export const LONGEST_GAP_MS = 5000;

/** A second of each counter; null at the first sample, after a gap, and after a new start of the container. */
export function ratesOf(samples: readonly Sample[], counter: Counter): readonly (number | null)[] {
  return samples.map((sample, index) => {
    const before = samples[index - 1];
    if (before === undefined) return null;
    const elapsed = sample.at - before.at;
    const moved = sample[counter] - before[counter];
    if (elapsed <= 0 || elapsed > LONGEST_GAP_MS || moved < 0) return null;
    return (moved * 1000) / elapsed;
  });
}
