import type { ContainerExit, ContainerSpec, ContainerSummary, StartFailure } from '../types/index.ts';

/**
 * What the engine keeps of a container on disk: what it was asked to be, and how its last run ended. Whether it runs
 * now is the runtime's to say and is never stored.
 */
export interface ContainerRecord {
  /** 64 hex digits. */
  readonly id: string;
  readonly name: string;
  readonly image: ContainerSummary['image'];
  /** Layers of the image, lowest first: a start does not depend on the image's name any more. */
  readonly chainIds: readonly string[];
  /** `linux/amd64`. */
  readonly platform: string;
  readonly createdAt: string;
  readonly spec: ContainerSpec;
  readonly lastRun: LastRun | null;
  /** How often the restart policy has started it since it was last started by hand. */
  readonly restartCount: number;
  /** Somebody stopped it, and has not started it since. */
  readonly stoppedByHand: boolean;
  readonly failure: StartFailure | null;
  /** Notes from the runtime about the last start. */
  readonly warnings: readonly string[];
  /** The removal has begun: whoever finds this finishes it. */
  readonly removing: boolean;
  /** Volumes that nobody named and nobody else has go with it. */
  readonly removingVolumes: boolean;
}

export interface LastRun {
  readonly startedAt: string;
  readonly exit: ContainerExit;
}
