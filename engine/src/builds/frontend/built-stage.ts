import type { RunConfigDocument } from '../dockerfile/index.ts';
import type { Vertex } from '../graph/vertex.ts';

/** One line of an image's history; `vertex`: of the step that makes its layer. */
export interface StageHistory {
  readonly createdBy: string;
  readonly vertex: Vertex | null;
}

/** What comes of a stage: its root, once it is solved, and what an image of it says. */
export interface BuiltStage {
  readonly vertex: Vertex;
  readonly config: RunConfigDocument;
  readonly platform: { readonly architecture: string; readonly os: string; readonly variant?: string };
  /** Of the base image. */
  readonly baseHistory: readonly object[];
  readonly baseCreated: string | null;
  /** Of the base's, and of this stage's instructions. */
  readonly history: readonly StageHistory[];
  readonly author: string;
}
