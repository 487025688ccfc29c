import type { WireError } from '../errors/wire.ts';
import type { Platform } from './platform.ts';

export type BuildStepState = 'waiting' | 'running' | 'done' | 'cached' | 'failed' | 'cancelled';

export type BuildStatus = 'running' | 'done' | 'failed' | 'cancelled';

/** One step of a build's graph: a base image that is found, an instruction that changes files. */
export interface BuildStep {
  /** Its place in `BuildDetails.steps`. */
  readonly index: number;
  /** As the progress shows it: `[builder 2/5] RUN make`. */
  readonly name: string;
  /** Of the Dockerfile: its name, or its number. */
  readonly stage: string;
  readonly instruction: string;
  /** Of the Dockerfile, from 1; null when the step is no line of it. */
  readonly line: number | null;
  /** Steps that this one waits for. */
  readonly inputs: readonly number[];
}

/** Why a step was not taken from the cache; `detail` names what has changed, as a person says it. */
export interface CacheMiss {
  readonly reason:
    | 'no-cache'
    | 'first-time'
    | 'parent-changed'
    | 'instruction-changed'
    | 'files-changed'
    | 'variables-changed'
    | 'collected';
  readonly detail: string;
}

/** How far a step has come. */
export interface BuildStepProgress extends BuildStep {
  readonly state: BuildStepState;
  /** ISO 8601; null: it has not begun. */
  readonly startedAt: string | null;
  readonly durationMs: number | null;
  /** Bytes of disk that its layer takes; null: not known, or it makes none. */
  readonly sizeBytes: number | null;
  /** Null: it came from the cache, or it is not known yet. */
  readonly miss: CacheMiss | null;
  readonly error: WireError | null;
}

/** A remark of the checks on the Dockerfile. */
export interface BuildWarning {
  /** `StageNameCasing`. */
  readonly rule: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  /** The line as it is written. */
  readonly sourceLine: string;
  readonly url: string;
}

export interface BuildCheck {
  readonly warnings: readonly BuildWarning[];
  /** What would stop a build before its first step. */
  readonly error: WireError | null;
  /** An error, or warnings in a file that says `check=error=true`. */
  readonly failed: boolean;
}

export interface BuildResult {
  /** Null: the outputs hold no image of the store. */
  readonly imageId: string | null;
  readonly manifestDigest: string | null;
  readonly references: readonly string[];
  readonly platform: Platform;
}

/**
 * What happens in a build, in order. `started` first, `ended` last; a failure comes as `ended` with an error, and the
 * stream then fails with it.
 */
export type BuildEvent =
  | { readonly type: 'started'; readonly build: string; readonly at: string }
  | {
      readonly type: 'planned';
      readonly steps: readonly BuildStep[];
      readonly warnings: readonly BuildWarning[];
    }
  | {
      readonly type: 'step-started';
      readonly step: number;
      readonly at: string;
      readonly miss: CacheMiss | null;
    }
  | {
      readonly type: 'step-log';
      readonly step: number;
      readonly stream: 'stdout' | 'stderr';
      readonly data: Uint8Array;
    }
  | {
      readonly type: 'step-ended';
      readonly step: number;
      readonly state: 'done' | 'cached' | 'failed' | 'cancelled';
      readonly durationMs: number;
      readonly sizeBytes: number | null;
      readonly error: WireError | null;
    }
  /** Writing the image, the archive, the folder; pushing. */
  | { readonly type: 'output'; readonly message: string }
  /** Of an output that goes to the caller. */
  | { readonly type: 'output-data'; readonly data: Uint8Array }
  | {
      readonly type: 'ended';
      readonly status: Exclude<BuildStatus, 'running'>;
      readonly at: string;
      readonly result: BuildResult | null;
      readonly error: WireError | null;
    };

/** One row of the history. */
export interface BuildSummary {
  readonly id: string;
  /** The first tag, else the context's folder. */
  readonly name: string;
  readonly references: readonly string[];
  /** As the person named it: a path; empty when it came as an archive. */
  readonly context: string;
  readonly dockerfile: string;
  readonly target: string | null;
  readonly platform: Platform;
  readonly status: BuildStatus;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly steps: number;
  readonly cachedSteps: number;
  readonly warnings: number;
  readonly imageId: string | null;
  readonly error: WireError | null;
}

export interface BuildDetails extends BuildSummary {
  readonly progress: readonly BuildStepProgress[];
  readonly checks: readonly BuildWarning[];
  /** Names alone where the value could be a secret. */
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly result: BuildResult | null;
}

/** What the cache keeps: a step's layer, or the folder of a cache mount. */
export interface BuildCacheEntry {
  readonly id: string;
  readonly kind: 'step' | 'mount';
  readonly description: string;
  readonly sizeBytes: number;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly usedTimes: number;
  /** An image or a step above needs it: removing the entry alone frees nothing. */
  readonly shared: boolean;
  readonly inUse: boolean;
}

export interface BuildCacheUsage {
  readonly entries: readonly BuildCacheEntry[];
  readonly totalBytes: number;
  /** What pruning everything would free. */
  readonly reclaimableBytes: number;
}

/** What the cache is kept to, by itself; null: without end. */
export interface BuildCacheLimits {
  readonly maxBytes: number | null;
  readonly maxUnusedSeconds: number | null;
}

export interface PrunedBuildCache {
  readonly removed: readonly string[];
  readonly freedBytes: number;
}
