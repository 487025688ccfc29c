import type { Report } from '../background.ts';
import type { Vault } from '../credentials/index.ts';
import type {
  Agent,
  BuildHost,
  ContainerFiles,
  NetworkHost,
  Runtime,
  VolumeStore,
} from '../runtime/index.ts';
import type { Snapshotter } from '../snapshots/index.ts';

/** What the engine needs of the machine that runs the containers. */
export interface ConnectedAgent {
  readonly agent: Agent;
  readonly runtime: Runtime;
  readonly files: ContainerFiles;
  readonly networkHost: NetworkHost;
  readonly volumeStore: VolumeStore;
  readonly snapshotter: Snapshotter;
  readonly buildHost: BuildHost;
}

export interface EngineOptions {
  readonly dataDir: string;
  readonly runDir: string;
  /** The agent's program, which is found running or started; or parts that stand for it, in tests. */
  readonly agent: { readonly binary: string } | ConnectedAgent;
  /** Keeps registry passwords; left out: files that only this user can read. */
  readonly vault?: Vault;
  /** Hears what went wrong in the background, where nobody waits for an answer; else it goes to stderr. */
  readonly onProblem?: Report;
}
