import type { HostTraits } from '../../containers/index.ts';
import type { NetworkSource } from '../../networks/index.ts';
import type { VolumeStore, WalkedFile, WalkedRoot } from '../../runtime/index.ts';
import type { GitSource } from '../context/git/git-source.ts';
import type { BuildRequest } from '../../contract/index.ts';
import type { FileTree } from '../context/file-tree.ts';
import type { CacheFolders } from './mounts/cache-folders.ts';
import type { WorkParts } from './work-container.ts';

/** Files to copy, that the engine reads itself. */
export interface ContextFiles {
  tree(signal: AbortSignal): Promise<FileTree>;
  read(file: WalkedFile): AsyncIterable<Uint8Array>;
}

/** What the steps of one build are done with. */
export interface ExecutorParts extends WorkParts {
  readonly request: BuildRequest;
  readonly volumes: VolumeStore;
  readonly cacheFolders: CacheFolders;
  readonly networks: NetworkSource;
  readonly machine: () => HostTraits;
  /** For secrets; on a file system that is in memory, where the machine has one. */
  readonly secretsDir: string;
  /** The build's own, or by name. */
  readonly contextNamed: (name: string | null) => Promise<ContextFiles>;
  readonly walk: (chainIds: readonly string[], path: string, signal: AbortSignal) => Promise<WalkedRoot>;
  /** Of files that are made now. */
  readonly modifiedAt: (epoch: number | null) => Date;
  /** The bytes as an archive that can be unpacked; null: they are none. */
  readonly openArchive: (bytes: AsyncIterable<Uint8Array>) => Promise<AsyncIterable<Uint8Array> | null>;
  /** A repository's files; kept until the build ends. */
  readonly gitFiles: (source: GitSource, signal: AbortSignal) => Promise<ContextFiles>;
}
