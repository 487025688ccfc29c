import type { BuildRequest } from '../../../contract/index.ts';
import type { VolumeStore, WalkedRoot } from '../../../runtime/index.ts';
import type { ContainerMount } from '../../../types/index.ts';
import type { ContextFiles } from '../../context/context-files.ts';
import type { Roots } from '../../solver/solver.ts';
import type { WorkParts } from '../work-container.ts';

export interface MountParts extends WorkParts {
  readonly request: BuildRequest;
  readonly volumes: VolumeStore;
  /** For secrets; on a file system that is in memory, where the machine has one. */
  readonly secretsDir: string;
  /** The build's own, or by name. */
  readonly contextNamed: (name: string | null) => Promise<ContextFiles>;
  readonly walk: (chainIds: readonly string[], path: string, signal: AbortSignal) => Promise<WalkedRoot>;
  /** Of files that are made now. */
  readonly modifiedAt: (epoch: number | null) => Date;
}

/** What mounts of one command are prepared with. */
export interface MountWork {
  readonly parts: MountParts;
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
