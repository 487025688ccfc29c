import type { ContainerMount } from '../../../types/index.ts';
import type { Roots } from '../../solver/solver.ts';
import type { ExecutorParts } from '../parts.ts';

/** What mounts of one command are prepared with. */
export interface MountWork {
  readonly parts: ExecutorParts;
  readonly roots: Roots;
  readonly signal: AbortSignal;
}

/** What a command sees besides its root. */
export interface RunSurroundings {
  readonly mounts: readonly ContainerMount[];
  readonly env: readonly string[];
}

/** `end`: once the command has ended, however it did. */
export type Prepared = RunSurroundings & { readonly end?: () => Promise<void> };
