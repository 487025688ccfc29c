import type { Platform } from '../../../types/index.ts';
import type { Stage } from '../syntax/dockerfile.ts';
import type { StageInstruction } from '../syntax/instruction.ts';
import type { GlobalScope } from './global-scope.ts';

/** What a name in FROM, COPY --from or a mount's from= stands for. */
export type StageSource =
  | { readonly kind: 'scratch' }
  | { readonly kind: 'stage'; readonly index: number }
  /** A named context of the build, by the name it was given. */
  | { readonly kind: 'context'; readonly name: string }
  /** An image reference as written, variables put in. */
  | { readonly kind: 'image'; readonly reference: string };

export interface PlannedStage {
  readonly stage: Stage;
  readonly base: StageSource;
  /** Null: the target's. */
  readonly platform: Platform | null;
  /** The base's ONBUILD triggers, then the stage's own. */
  readonly instructions: readonly StageInstruction[];
  /** What each name of COPY --from and of mounts stands for, by the name as written. */
  readonly sources: ReadonlyMap<string, StageSource>;
  /** Other stages that must be built before, or beside: its base and its sources. */
  readonly needs: ReadonlySet<number>;
}

export interface StagePlan {
  readonly globals: GlobalScope;
  /** All of the file's, by index. */
  readonly stages: readonly PlannedStage[];
  readonly target: PlannedStage;
  /** The stages that the target needs, and the target, in an order that can be built: each after its needs. */
  readonly needed: readonly PlannedStage[];
}
