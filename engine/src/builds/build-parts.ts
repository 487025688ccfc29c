import type { HostTraits } from '../containers/index.ts';
import type {
  BaseImageParts,
  BuiltImageOrder,
  JoinOrder,
  NamedPlace,
  StoredBuild,
  SharedLayers,
  SharedLayersOrder,
} from '../images/index.ts';
import type { NetworkSource } from '../networks/index.ts';
import type { EngineHandlers } from '../contract/index.ts';
import type { BuildHost, ContainerFiles, Runtime, VolumeStore } from '../runtime/index.ts';
import type { Snapshotter } from '../snapshots/index.ts';
import type { Platform } from '../types/index.ts';
import type { HistoryParts } from './history/history.ts';
import type { StepCache } from './solver/step-cache.ts';

/** The images of this machine, as builds need them: fulfilled by images/. */
export interface BuildImages extends Pick<EngineHandlers['images'], 'pull' | 'push' | 'save'> {
  baseOf(text: string, platform: Platform): Promise<BaseImageParts>;
  storeBuilt(order: BuiltImageOrder, signal: AbortSignal): Promise<StoredBuild>;
  joinBuilt(order: JoinOrder, signal: AbortSignal): Promise<StoredBuild>;
  uncollected<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  readShared(place: NamedPlace, signal: AbortSignal): Promise<SharedLayers>;
  writeShared(place: NamedPlace, order: SharedLayersOrder, signal: AbortSignal): Promise<string>;
  collectGarbage(): Promise<{ readonly freedBytes: number }>;
  /** ChainIDs of the layers that images have. */
  layersInUse(): ReadonlySet<string>;
}

export interface BuildsParts extends HistoryParts {
  readonly images: BuildImages;
  readonly runtime: Runtime;
  readonly files: ContainerFiles;
  readonly host: BuildHost;
  readonly volumes: VolumeStore;
  readonly networks: NetworkSource;
  readonly snapshotter: Snapshotter;
  readonly cache: StepCache;
  readonly machine: () => HostTraits;
  /** Of the machine that builds. */
  readonly platform: Platform;
  /** `<run>/build-secrets` */
  readonly secretsDir: string;
  /** For archives on their way. */
  readonly temporaryDir: string;
}
