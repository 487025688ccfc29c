import type { IgnoreRules } from '../../dockerignore/index.ts';
import type { PlanOptions } from '../stages/plan-stages.ts';

/** What a base image's config brings along. */
export interface KnownImage {
  readonly environment: ReadonlyMap<string, string>;
  /** Its config says SHELL. */
  readonly hasShell: boolean;
}

export interface LintOptions extends PlanOptions {
  /** Of a base image; null: not known, then nothing is said of variables that it may have set. */
  readonly imageOf?: (reference: string) => KnownImage | null;
  /** The context's .dockerignore. */
  readonly ignore?: IgnoreRules;
}
